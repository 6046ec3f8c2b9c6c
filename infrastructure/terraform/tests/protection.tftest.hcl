# What is kept from loss and from being read: secrets, the audit log, keys, policy tags, the tables of ops.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789" }
  }

  mock_data "google_logging_project_settings" {
    defaults = { kms_service_account_id = "cmek-p123456789@gcp-sa-logging.iam.gserviceaccount.com" }
  }
}

mock_provider "google" {
  alias = "budgets"
}

variables {
  project      = "example-project"
  alert_emails = ["data@example.com"]
  repository   = "example/concord"
}

run "tables_of_ops" {
  assert {
    condition     = length(setsubtract(["decisions", "entity_ledger", "match_models", "node_results", "pipeline_runs"], keys(google_bigquery_table.ops))) == 0
    error_message = "Whatever cannot be computed again is there before the first run."
  }

  assert {
    condition     = alltrue([for table in google_bigquery_table.ops : table.deletion_protection && table.dataset_id == "concord_ops"])
    error_message = "These tables must not be destroyed."
  }

  assert {
    condition = alltrue(flatten([
      for table in google_bigquery_table.ops : [
        for column in jsondecode(table.schema) : contains(["STRING", "INT64", "FLOAT64", "BOOL", "TIMESTAMP", "RECORD"], column.type)
      ]
    ]))
    error_message = "Each declared type must be one of BigQuery's."
  }

  assert {
    condition = [for column in jsondecode(google_bigquery_table.ops["pipeline_runs"].schema) : column if column.name == "step_seconds"] == [{
      name = "step_seconds"
      mode = "REPEATED"
      type = "RECORD"
      fields = [
        { name = "step", mode = "NULLABLE", type = "STRING" },
        { name = "seconds", mode = "NULLABLE", type = "FLOAT64" },
      ]
    }]
    error_message = "An array of structs is a repeated record."
  }

  assert {
    condition = (
      google_bigquery_table.ops["pipeline_runs"].time_partitioning[0].field == "started_at"
      && google_bigquery_table.ops["pipeline_runs"].clustering == tolist(["run_id"])
      && google_bigquery_table.ops["entity_ledger"].clustering == tolist(["entity", "record_id"])
      && length(google_bigquery_table.ops["entity_ledger"].time_partitioning) == 0
    )
    error_message = "Partitions and clusters are those of the run."
  }

  assert {
    condition     = alltrue([for layer in ["ops", "entities", "snapshots"] : google_bigquery_dataset.layer[layer].max_time_travel_hours == "168"])
    error_message = "What cannot be computed again can be had back for a week."
  }
}

run "destroyable" {
  variables {
    deletion_protection = false
  }

  assert {
    condition     = !anytrue(values(google_bigquery_table.ops)[*].deletion_protection) && !anytrue(values(google_secret_manager_secret.this)[*].deletion_protection)
    error_message = "An environment for trying can be taken away."
  }
}

run "secrets" {
  variables {
    alert_secrets         = ["addresses", "pagerduty-key"]
    has_api_client_secret = true
    secret_rotation_days  = 30
  }

  assert {
    condition     = toset(keys(google_secret_manager_secret.this)) == toset(["concord-alert-addresses", "concord-alert-pagerduty-key", "concord-api-client-secret"])
    error_message = "A secret for each that is asked for, before the API is."
  }

  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.this : secret.rotation[0].rotation_period == "2592000s" && secret.topics[0].name == google_pubsub_topic.secret_rotation.id])
    error_message = "Each secret says when it is due."
  }

  assert {
    condition = alltrue([
      for name in ["concord-alert-pagerduty-key", "concord-api-client-secret"] :
      timecmp(google_secret_manager_secret.this[name].rotation[0].next_rotation_time, timeadd(plantimestamp(), "719h")) > 0
      && timecmp(google_secret_manager_secret.this[name].rotation[0].next_rotation_time, timeadd(plantimestamp(), "721h")) < 0
    ])
    error_message = "A new secret is due when its period is over."
  }

  # It is there since the first run of this file, with the period that is the default.
  assert {
    condition     = timecmp(google_secret_manager_secret.this["concord-alert-addresses"].rotation[0].next_rotation_time, timeadd(plantimestamp(), "2150h")) > 0
    error_message = "When a secret is due that is there already, no later plan changes."
  }

  assert {
    condition     = google_pubsub_topic_iam_member.secret_manager_tells.member == "serviceAccount:service-123456789@gcp-sa-secretmanager.iam.gserviceaccount.com"
    error_message = "Secret Manager must be let in."
  }

  assert {
    condition = anytrue([
      for env in google_cloud_run_v2_job.this["nightly"].template[0].template[0].containers[0].env :
      env.name == "CONCORD_ALERT_PAGERDUTY_KEY" && env.value == "secret://concord-alert-pagerduty-key"
    ])
    error_message = "The run must know where the key is."
  }

  assert {
    condition     = toset(keys(google_secret_manager_secret_iam_member.nightly_reads_alert_secrets)) == toset(["addresses", "pagerduty-key"])
    error_message = "The run reads its own secrets, and not that of the API."
  }

  assert {
    condition     = google_pubsub_subscription.secret_due.expiration_policy[0].ttl == ""
    error_message = "A subscription that nobody reads for a month must not go away."
  }
}

run "unknown_secret" {
  command = plan

  variables {
    alert_secrets = ["password"]
  }

  expect_failures = [var.alert_secrets]
}

run "audit" {
  assert {
    condition = alltrue([
      for service in ["bigquery.googleapis.com", "storage.googleapis.com", "secretmanager.googleapis.com"] :
      toset(google_project_iam_audit_config.data_access[service].audit_log_config[*].log_type) == toset(["ADMIN_READ", "DATA_READ", "DATA_WRITE"])
    ])
    error_message = "Who reads data and secrets must be written down."
  }

  assert {
    condition     = google_logging_project_bucket_config.audit.retention_days == 400 && !google_logging_project_bucket_config.audit.locked
    error_message = "The audit log is kept for more than a year, and locked by decision only."
  }

  assert {
    condition = (
      google_logging_project_sink.audit.destination == "logging.googleapis.com/${google_logging_project_bucket_config.audit.id}"
      && alltrue([for text in ["cloudaudit.googleapis.com/activity", "cloudaudit.googleapis.com/data_access", "\"bigquery.googleapis.com\"", "jsonPayload.message=\"audit\""] : strcontains(google_logging_project_sink.audit.filter, text)])
    )
    error_message = "What Google and the API write about readers goes there."
  }
}

run "google_keys" {
  assert {
    condition = (
      length(google_kms_crypto_key_iam_member.uses_key) == 0
      && length(google_bigquery_dataset.backup.default_encryption_configuration) == 0
      && length(google_storage_bucket.backups.encryption) == 0
      && google_pubsub_topic.secret_rotation.kms_key_name == null
      && length(google_secret_manager_secret.this["concord-alert-addresses"].replication[0].auto) == 1
    )
    error_message = "Without a key, Google's encrypt."
  }
}

run "own_key" {
  variables {
    location     = "us-central1"
    enable_api   = true
    api_issuer   = "https://login.example.com"
    api_audience = "concord"
    kms_key_name = "projects/example-keys/locations/us-central1/keyRings/concord/cryptoKeys/data"
  }

  assert {
    condition = alltrue([
      for dataset in concat(values(google_bigquery_dataset.layer), values(google_bigquery_dataset.candidate), values(google_bigquery_dataset.files), [google_bigquery_dataset.backup]) :
      dataset.default_encryption_configuration[0].kms_key_name == var.kms_key_name
    ])
    error_message = "Every dataset."
  }

  assert {
    condition = alltrue([
      for bucket in concat([google_storage_bucket.runs, google_storage_bucket.backups, google_storage_bucket.state], google_storage_bucket.snapshots[*]) :
      bucket.encryption[0].default_kms_key_name == var.kms_key_name
    ])
    error_message = "Every bucket."
  }

  assert {
    condition = (
      alltrue([for job in google_cloud_run_v2_job.this : job.template[0].template[0].encryption_key == var.kms_key_name])
      && google_cloud_run_v2_service.api[0].template[0].encryption_key == var.kms_key_name
      && google_artifact_registry_repository.images.kms_key_name == var.kms_key_name
      && google_pubsub_topic.secret_rotation.kms_key_name == var.kms_key_name
      && google_logging_project_bucket_config.audit.cmek_settings[0].kms_key_name == var.kms_key_name
      && google_secret_manager_secret.this["concord-alert-addresses"].replication[0].user_managed[0].replicas[0].customer_managed_encryption[0].kms_key_name == var.kms_key_name
    )
    error_message = "Jobs, API, images, messages, the audit log and secrets."
  }

  assert {
    condition     = length(google_kms_crypto_key_iam_member.uses_key) == 7 && google_kms_crypto_key_iam_member.uses_key["logging"].member == "serviceAccount:cmek-p123456789@gcp-sa-logging.iam.gserviceaccount.com"
    error_message = "Each service of Google's may use the key."
  }
}

run "key_of_another_place" {
  command = plan

  variables {
    kms_key_name = "projects/example-keys/locations/us-central1/keyRings/concord/cryptoKeys/data"
  }

  expect_failures = [var.kms_key_name]
}

run "no_tags" {
  assert {
    condition     = length(google_data_catalog_taxonomy.personal) == 0 && output.policy_tags == "" && length(google_project_iam_member.nightly_tags) == 0
    error_message = "Nothing is tagged that nobody asked for."
  }

  assert {
    condition     = alltrue([for env in google_cloud_run_v2_job.this["nightly"].template[0].template[0].containers[0].env : env.name != "CONCORD_POLICY_TAGS"])
    error_message = "Without tags the run gets none."
  }

  assert {
    condition     = output.repository_variables.CONCORD_POLICY_TAGS == "" && length(google_project_iam_member.ci_tags) == 0
    error_message = "Without tags pull requests get none."
  }
}

run "policy_tags" {
  variables {
    enable_policy_tags    = true
    personal_data_readers = { name = ["group:sales@example.com"] }
  }

  assert {
    condition     = toset(keys(google_data_catalog_policy_tag.kind)) == toset(["address", "birth_date", "email", "identifier", "name", "phone", "text"])
    error_message = "A tag for each kind of pii.yml."
  }

  assert {
    condition     = google_data_catalog_taxonomy.personal[0].region == "us"
    error_message = "Tags must be where the tables are."
  }

  assert {
    condition = anytrue([
      for env in google_cloud_run_v2_job.this["nightly"].template[0].template[0].containers[0].env :
      env.name == "CONCORD_POLICY_TAGS" && strcontains(env.value, "email=${google_data_catalog_policy_tag.kind["email"].name}")
    ])
    error_message = "The run must know the tags that it sets."
  }

  assert {
    condition     = output.repository_variables.CONCORD_POLICY_TAGS == output.policy_tags && output.policy_tags != "" && google_project_iam_member.ci_tags[0].member == google_service_account.ci.member
    error_message = "Pull requests set the same tags on what they build."
  }

  assert {
    condition = (
      length(google_data_catalog_policy_tag_iam_member.reads) == 7 * 3 + 1
      && google_data_catalog_policy_tag_iam_member.reads["name group:sales@example.com"].member == "group:sales@example.com"
      && google_project_iam_custom_role.tagger[0].permissions == toset(["bigquery.tables.setCategory", "datacatalog.taxonomies.get"])
    )
    error_message = "Concord's accounts read all kinds, others what they were given."
  }
}

run "unknown_kind" {
  command = plan

  variables {
    personal_data_readers = { salary = ["group:sales@example.com"] }
  }

  expect_failures = [var.personal_data_readers]
}
