# The API: nothing of it without `enable_api`, and with it no more than it needs.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789" }
  }

  mock_resource "google_cloud_run_v2_service" {
    defaults = { uri = "https://concord-api-abc-uc.a.run.app" }
  }
}

mock_provider "google" {
  alias = "budgets"
}

variables {
  project      = "example-project"
  alert_emails = ["data@example.com"]
  repository   = "example/concord"
  enable_api   = true
  api_issuer   = "https://login.example.com"
  api_audience = "concord"
}

run "without_the_api" {
  variables {
    enable_api = false
    # What is left over from an earlier `true` must do no harm.
    has_api_client_secret = true
    api_invokers          = ["allUsers"]
    api_ingress           = "all"
  }

  assert {
    condition = length(concat(
      google_cloud_run_v2_service.api[*].name,
      google_service_account.api[*].account_id,
      google_storage_bucket.snapshots[*].name,
      google_storage_bucket_iam_member.nightly_snapshots[*].role,
      google_bigquery_table_iam_member.api_decides[*].role,
      google_secret_manager_secret_iam_member.api_reads_client_secret[*].role,
      google_monitoring_alert_policy.api_errors[*].display_name,
      google_monitoring_uptime_check_config.api[*].display_name,
      values(google_cloud_run_v2_service_iam_member.api_invokers)[*].member,
    )) == 0
    error_message = "Nothing of the API is made where nobody asked for it."
  }

  assert {
    condition = alltrue([
      for job in google_cloud_run_v2_job.this :
      job.template[0].template[0].containers[0].resources[0].limits.memory == "4Gi"
      && alltrue([for env in job.template[0].template[0].containers[0].env : !startswith(env.name, "CONCORD_SERVE_")])
    ])
    error_message = "Without the API the jobs are as they were."
  }

  assert {
    condition     = output.repository_variables.CONCORD_DEPLOY_API == "" && output.api_url == null
    error_message = "Without the API nothing of it is deployed."
  }
}

run "service" {
  assert {
    condition = alltrue([
      for name, value in {
        CONCORD_TARGET            = "prod"
        CONCORD_SERVE_HOST        = "0.0.0.0"
        CONCORD_SERVE_PORT        = "8080"
        CONCORD_SERVE_ISSUER      = "https://login.example.com"
        CONCORD_SERVE_AUDIENCE    = "concord"
        CONCORD_SERVE_SENDS_FIRST = "true"
        CONCORD_SERVE_SNAPSHOTS   = "gs://example-project-concord-snapshots/snapshots"
      } :
      anytrue([for env in google_cloud_run_v2_service.api[0].template[0].containers[0].env : env.name == name && env.value == value])
    ])
    error_message = "The service must know where it is, whose tokens it takes, and that its disk does not last."
  }

  assert {
    condition     = google_cloud_run_v2_service.api[0].template[0].service_account == google_service_account.api[0].email
    error_message = "The service must use its own account."
  }

  assert {
    condition = (
      google_cloud_run_v2_service.api[0].template[0].containers[0].startup_probe[0].http_get[0].path == "/readyz"
      && google_cloud_run_v2_service.api[0].template[0].containers[0].liveness_probe[0].http_get[0].path == "/livez"
    )
    error_message = "A service without a snapshot gets no requests, and one that does not answer is replaced."
  }

  assert {
    condition = (
      google_cloud_run_v2_service.api[0].template[0].containers[0].startup_probe[0].period_seconds
      * google_cloud_run_v2_service.api[0].template[0].containers[0].startup_probe[0].failure_threshold
    ) == 240
    error_message = "Fetching a large snapshot gets all the time that Cloud Run gives."
  }

  assert {
    condition     = google_cloud_run_v2_service.api[0].template[0].containers[0].resources[0].cpu_idle == false && google_cloud_run_v2_service.api[0].template[0].containers[0].resources[0].startup_cpu_boost
    error_message = "Newer snapshots are looked for between requests, and the start is work."
  }

  assert {
    condition     = google_cloud_run_v2_service.api[0].template[0].session_affinity && google_cloud_run_v2_service.api[0].template[0].scaling[0].max_instance_count == 1
    error_message = "Sign-ins are in the memory of one instance."
  }

  assert {
    condition     = google_cloud_run_v2_service.api[0].ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY" && length(google_cloud_run_v2_service_iam_member.api_invokers) == 0
    error_message = "Nobody reaches it until somebody says who."
  }

  assert {
    condition     = alltrue([for env in google_cloud_run_v2_service.api[0].template[0].containers[0].env : env.name != "CONCORD_SERVE_CLIENT_SECRET"])
    error_message = "Without a client there is no secret."
  }
}

run "memory_follows_the_snapshot" {
  variables {
    api_snapshot_gib = 4.5
  }

  assert {
    condition = (
      google_cloud_run_v2_service.api[0].template[0].volumes[0].empty_dir[0].size_limit == "14Gi"
      && google_cloud_run_v2_service.api[0].template[0].containers[0].resources[0].limits.memory == "15Gi"
      && google_cloud_run_v2_service.api[0].template[0].containers[0].resources[0].limits.cpu == "4"
    )
    error_message = "Three snapshots and the process must fit, with the CPUs that Cloud Run asks for."
  }

  assert {
    condition = alltrue([
      for name, memory in { nightly = "11Gi", retry = "11Gi", backup = "4Gi" } :
      google_cloud_run_v2_job.this[name].template[0].template[0].containers[0].resources[0].limits.memory == memory
    ])
    error_message = "Whoever writes a snapshot has room for it, and nobody else."
  }
}

run "too_large_for_cloud_run" {
  command = plan

  variables {
    api_snapshot_gib = 11
  }

  expect_failures = [var.api_snapshot_gib]
}

run "nobody_signs_in" {
  command = plan

  variables {
    api_issuer = ""
  }

  expect_failures = [google_cloud_run_v2_service.api]
}

run "client_without_an_address" {
  command = plan

  variables {
    api_client_id = "concord-pages"
  }

  expect_failures = [google_cloud_run_v2_service.api]
}

run "more_instances_than_allowed" {
  command = plan

  variables {
    api_min_instances = 2
  }

  expect_failures = [var.api_max_instances]
}

run "address_without_pages" {
  variables {
    api_public_url = "https://concord.example.com"
  }

  assert {
    condition     = anytrue([for env in google_cloud_run_v2_service.api[0].template[0].containers[0].env : env.name == "CONCORD_SERVE_PUBLIC_URL" && env.value == "https://concord.example.com"])
    error_message = "Addresses for OpenRefine have a key in them: the service must know that they begin with https."
  }
}

run "pages" {
  variables {
    api_client_id         = "concord-pages"
    has_api_client_secret = true
    api_public_url        = "https://concord.example.com"
    api_ingress           = "all"
    api_invokers          = ["allUsers"]
    api_environment       = { CONCORD_SERVE_ROLES_CLAIM = "groups" }
  }

  assert {
    condition = anytrue([
      for env in google_cloud_run_v2_service.api[0].template[0].containers[0].env :
      env.name == "CONCORD_SERVE_CLIENT_SECRET" && try(env.value_source[0].secret_key_ref[0].secret, "") == "concord-api-client-secret"
    ])
    error_message = "The secret comes from Secret Manager, not from Terraform."
  }

  assert {
    condition = (
      google_secret_manager_secret_iam_member.api_reads_client_secret[0].member == google_service_account.api[0].member
      && google_secret_manager_secret_iam_member.api_reads_client_secret[0].secret_id == google_secret_manager_secret.this["concord-api-client-secret"].secret_id
    )
    error_message = "The service must be able to read its secret."
  }

  assert {
    condition = alltrue([
      for name, value in {
        CONCORD_SERVE_CLIENT_ID   = "concord-pages"
        CONCORD_SERVE_PUBLIC_URL  = "https://concord.example.com"
        CONCORD_SERVE_ROLES_CLAIM = "groups"
      } :
      anytrue([for env in google_cloud_run_v2_service.api[0].template[0].containers[0].env : env.name == name && env.value == value])
    ])
    error_message = "Client, address and further settings must reach the service."
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.api_invokers["allUsers"].role == "roles/run.invoker" && google_cloud_run_v2_service.api[0].ingress == "INGRESS_TRAFFIC_ALL"
    error_message = "Browsers must reach the pages."
  }

  assert {
    condition     = google_monitoring_uptime_check_config.api[0].http_check[0].path == "/health" && google_monitoring_uptime_check_config.api[0].monitored_resource[0].labels.host == "concord-api-abc-uc.a.run.app"
    error_message = "Monitoring asks at an address that Google does not keep to itself."
  }

  assert {
    condition     = length(google_cloud_run_v2_service_iam_member.uptime_asks_api) == 0 && length(google_monitoring_uptime_check_config.api[0].http_check[0].service_agent_authentication) == 0
    error_message = "Where everybody is let in Monitoring needs no account."
  }
}

run "watched_where_only_some_are_let_in" {
  variables {
    api_ingress  = "all"
    api_invokers = ["group:sales@example.com"]
  }

  assert {
    condition = (
      google_cloud_run_v2_service_iam_member.uptime_asks_api[0].member == "serviceAccount:service-123456789@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
      && google_monitoring_uptime_check_config.api[0].http_check[0].service_agent_authentication[0].type == "OIDC_TOKEN"
    )
    error_message = "Monitoring must be let in with its own account."
  }
}

run "rights_of_the_api" {
  assert {
    condition     = google_project_iam_custom_role.decider[0].permissions == toset(["bigquery.tables.getData", "bigquery.tables.updateData"])
    error_message = "Whoever keeps decisions makes, changes and deletes no table."
  }

  assert {
    condition     = google_bigquery_table_iam_member.api_decides[0].dataset_id == "concord_ops" && google_bigquery_table_iam_member.api_decides[0].table_id == "decisions"
    error_message = "Of ops the API reaches the decisions alone."
  }

  assert {
    condition     = google_bigquery_dataset_iam_member.api_reads[0].dataset_id == "concord_published" && google_bigquery_dataset_iam_member.api_reads[0].role == "roles/bigquery.dataViewer"
    error_message = "The API reads what is published, and changes none of it."
  }

  assert {
    condition     = google_storage_bucket_iam_member.api_snapshots[0].role == "roles/storage.objectViewer" && google_storage_bucket_iam_member.nightly_snapshots[0].member == google_service_account.nightly.member
    error_message = "The run writes snapshots, the API reads them."
  }

  assert {
    condition     = google_storage_bucket.snapshots[0].public_access_prevention == "enforced" && google_storage_bucket.snapshots[0].soft_delete_policy[0].retention_duration_seconds == 0
    error_message = "Snapshots are nobody else's, and what is removed is gone."
  }
}

run "the_run_writes_snapshots" {
  assert {
    condition = alltrue([
      for name in ["nightly", "retry"] : alltrue([
        for setting, value in {
          CONCORD_SERVE_AFTER_RUN = "true"
          CONCORD_SERVE_SNAPSHOTS = "gs://example-project-concord-snapshots/snapshots"
        } :
        anytrue([for env in google_cloud_run_v2_job.this[name].template[0].template[0].containers[0].env : env.name == setting && env.value == value])
      ])
    ])
    error_message = "A good run must leave a snapshot where the API looks for it."
  }

  assert {
    condition     = alltrue([for env in google_cloud_run_v2_job.this["backup"].template[0].template[0].containers[0].env : !startswith(env.name, "CONCORD_SERVE_")])
    error_message = "A backup has nothing to do with snapshots of the API."
  }
}

run "deployment" {
  assert {
    condition     = google_cloud_run_v2_service_iam_member.deploy_api[0].role == "roles/run.developer" && google_service_account_iam_member.deploy_acts_as_api[0].role == "roles/iam.serviceAccountUser"
    error_message = "A deployment must reach the service."
  }

  assert {
    condition     = output.repository_variables.CONCORD_DEPLOY_API == "true" && output.api_url == "https://concord-api-abc-uc.a.run.app"
    error_message = "The workflow must learn that there is a service."
  }
}

run "alerts_of_the_api" {
  assert {
    condition = alltrue([
      for policy in [google_monitoring_alert_policy.api_errors[0], google_monitoring_alert_policy.api_slow[0], google_monitoring_alert_policy.api_stuck[0]] :
      length(policy.notification_channels) == 1 && strcontains(policy.documentation[0].content, "docs/use/serving.md")
    ])
    error_message = "Alerts must reach somebody, and name the page that helps."
  }

  assert {
    condition = alltrue([
      for policy in [google_monitoring_alert_policy.api_errors[0], google_monitoring_alert_policy.api_slow[0]] :
      policy.conditions[0].condition_prometheus_query_language[0].disable_metric_validation
    ])
    error_message = "At the first apply nobody has asked the service anything."
  }

  assert {
    condition     = length(google_monitoring_uptime_check_config.api) == 0
    error_message = "What cannot be reached from outside is not asked from there."
  }
}
