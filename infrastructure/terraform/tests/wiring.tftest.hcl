mock_provider "google" {}

mock_provider "google" {
  alias = "budgets"
}

variables {
  project      = "example-project"
  alert_emails = ["data@example.com"]
  repository   = "example/concord"
}

run "nightly_job" {
  assert {
    condition     = google_cloud_run_v2_job.this["nightly"].template[0].template[0].max_retries == 0
    error_message = "Cloud Run must not repeat a run."
  }

  assert {
    condition     = google_cloud_run_v2_job.this["nightly"].template[0].template[0].timeout == "10800s"
    error_message = "The timeout must be explicit."
  }

  assert {
    condition     = google_cloud_run_v2_job.this["nightly"].template[0].template[0].service_account == google_service_account.nightly.email
    error_message = "The run must use its own account."
  }

  assert {
    condition = anytrue([
      for env in google_cloud_run_v2_job.this["nightly"].template[0].template[0].containers[0].env :
      env.name == "CONCORD_MAXIMUM_BYTES_BILLED" && env.value == "1000000000000"
    ])
    error_message = "The byte cap must be a whole number."
  }
}

# What a container needs to find the next day.
run "state" {
  assert {
    condition = alltrue([
      for job in google_cloud_run_v2_job.this : alltrue([
        for name, value in {
          CONCORD_TARGET                 = "prod"
          CONCORD_LOCK_PLACE             = "gs://example-project-concord-runs/lock"
          CONCORD_RUNLOG_PLACE           = "gs://example-project-concord-runs/runs"
          CONCORD_BACKUP_PLACE           = "gs://example-project-concord-backups/backups"
          CONCORD_BACKUP_KEEP_DAYS       = "30"
          CONCORD_ALERT_ADDRESSES        = "secret://concord-alert-addresses"
          CONCORD_LIMIT_DEADLINE_SECONDS = "10500"
        } :
        anytrue([for env in job.template[0].template[0].containers[0].env : env.name == name && env.value == value])
      ])
    ])
    error_message = "Lock, run log, backups, alerts and the deadline must be set in every job."
  }

  assert {
    condition     = google_storage_bucket_iam_member.nightly_runs.bucket == google_storage_bucket.runs.name && google_storage_bucket_iam_member.nightly_runs.role == "roles/storage.objectUser"
    error_message = "The run must be able to write, replace and delete its objects."
  }

  assert {
    condition     = google_secret_manager_secret_iam_member.nightly_reads_alert_secrets["addresses"].member == google_service_account.nightly.member
    error_message = "The run must be able to read the address of its alerts."
  }

  assert {
    condition     = alltrue([for env in google_cloud_run_v2_job.this["nightly"].template[0].template[0].containers[0].env : env.name != "CONCORD_METRICS_ENDPOINT"])
    error_message = "Without an endpoint no metrics are sent."
  }
}

run "deadline_follows_the_timeout" {
  variables {
    timeout_seconds = 7200
  }

  assert {
    condition = alltrue([
      for job in google_cloud_run_v2_job.this :
      anytrue([for env in job.template[0].template[0].containers[0].env : env.name == "CONCORD_LIMIT_DEADLINE_SECONDS" && env.value == "6900"])
      && job.template[0].template[0].timeout == "7200s"
    ])
    error_message = "Concord must give up before Cloud Run does."
  }
}

run "timeout_without_a_margin" {
  command = plan

  variables {
    timeout_seconds = 600
  }

  expect_failures = [var.timeout_seconds]
}

run "metrics" {
  variables {
    metrics_endpoint = "https://telemetry.googleapis.com/v1/metrics"
  }

  assert {
    condition = alltrue([
      for name in ["CONCORD_METRICS_ENDPOINT", "CONCORD_METRICS_GOOGLE_AUTH"] :
      anytrue([for env in google_cloud_run_v2_job.this["nightly"].template[0].template[0].containers[0].env : env.name == name])
    ]) && length(google_project_iam_member.nightly_metrics) == 1
    error_message = "Google's endpoint takes signed metrics of an account that may write them."
  }
}

run "no_alert_address" {
  variables {
    alert_secrets = []
  }

  assert {
    condition     = length(google_secret_manager_secret.this) == 0 && alltrue([for env in google_cloud_run_v2_job.this["nightly"].template[0].template[0].containers[0].env : env.name != "CONCORD_ALERT_ADDRESSES"])
    error_message = "An address that nobody wants must need no secret."
  }
}

run "retry_and_backup" {
  assert {
    condition     = google_cloud_run_v2_job.this["retry"].template[0].template[0].containers[0].args == tolist(["retry"]) && google_cloud_run_v2_job.this["retry"].template[0].template[0].service_account == google_service_account.nightly.email
    error_message = "A retry must be a job with the rights of the run."
  }

  assert {
    condition     = google_cloud_run_v2_job.this["backup"].template[0].template[0].containers[0].args == tolist(["backup"]) && google_cloud_run_v2_job.this["backup"].template[0].template[0].service_account == google_service_account.backup.email
    error_message = "The backup must have its own account."
  }

  assert {
    condition     = google_bigquery_dataset_iam_member.backup_writes.dataset_id == google_bigquery_dataset.backup.dataset_id && !contains([for member in google_bigquery_dataset_iam_member.nightly_layers : member.dataset_id], google_bigquery_dataset.backup.dataset_id)
    error_message = "Only the backup's account writes backups."
  }

  assert {
    condition     = alltrue([for member in google_bigquery_dataset_iam_member.backup_reads : member.role == "roles/bigquery.dataViewer"])
    error_message = "The backup changes nothing that it saves."
  }

  assert {
    condition     = google_project_iam_custom_role.snapshot_expirer.permissions == toset(["bigquery.tables.deleteSnapshot"])
    error_message = "Whoever makes snapshots that expire deletes no tables."
  }

  assert {
    condition     = toset(keys(google_cloud_run_v2_job_iam_member.deploy_job)) == toset(["nightly", "retry", "backup"])
    error_message = "A deployment must reach every job."
  }

  assert {
    condition = (
      google_project_iam_custom_role.execution_canceller.permissions == toset(["run.executions.cancel", "run.executions.get", "run.executions.list"])
      && google_project_iam_member.deploy_executions.role == google_project_iam_custom_role.execution_canceller.name
      && google_project_iam_member.deploy_executions.member == google_service_account.deploy.member
    )
    error_message = "What still runs when a deployment is taken back must be found and cancelled."
  }
}

run "schedule" {
  assert {
    condition     = google_cloud_scheduler_job.this["nightly"].http_target[0].oauth_token[0].service_account_email == google_service_account.scheduler.email
    error_message = "The schedule must use the invoker account."
  }

  assert {
    condition     = endswith(google_cloud_scheduler_job.this["nightly"].http_target[0].uri, "/jobs/concord-nightly:run")
    error_message = "The schedule must start the nightly job."
  }

  assert {
    condition     = alltrue([for member in google_cloud_run_v2_job_iam_member.scheduler_starts : member.role == "roles/run.invoker"])
    error_message = "The invoker account must only start jobs."
  }

  assert {
    condition     = endswith(google_cloud_scheduler_job.this["backup"].http_target[0].uri, "/jobs/concord-backup:run")
    error_message = "The backup must be scheduled."
  }

  assert {
    condition     = google_cloud_scheduler_job.this["backup"].schedule != google_cloud_scheduler_job.this["nightly"].schedule
    error_message = "The backup must not start with the nightly run."
  }
}

run "rights" {
  assert {
    condition     = toset(keys(google_bigquery_dataset_iam_member.nightly_connectors)) == setsubtract(local.declared_sources, ["files"])
    error_message = "The run must reach the raw data of every connector."
  }

  assert {
    condition = alltrue([
      for member in concat(values(google_bigquery_dataset_iam_member.nightly_connectors), values(google_bigquery_dataset_iam_member.ci_layers)) :
      member.role == "roles/bigquery.dataViewer"
    ])
    error_message = "Nobody writes to a connector's data, and pull requests do not write to production."
  }

  assert {
    condition     = google_project_iam_custom_role.dataset_creator.permissions == toset(["bigquery.datasets.create"])
    error_message = "Pull requests may create datasets and nothing more."
  }

  assert {
    condition     = keys(google_service_account_iam_member.github_is_deploy) == ["production"] && endswith(google_service_account_iam_member.github_is_deploy["production"].member, "/subject/repo:example/concord:environment:production")
    error_message = "Only the production environment deploys."
  }
}

run "staging" {
  variables {
    environment = "staging"
    image_readers = [
      "serviceAccount:service-1@serverless-robot-prod.iam.gserviceaccount.com",
      "serviceAccount:concord-deploy@example-prod.iam.gserviceaccount.com",
    ]
  }

  assert {
    condition     = keys(google_service_account_iam_member.github_is_deploy) == ["staging"] && endswith(google_service_account_iam_member.github_is_deploy["staging"].member, ":environment:staging")
    error_message = "Only the staging environment deploys into staging."
  }

  assert {
    condition = (
      toset(values(google_artifact_registry_repository_iam_member.image_readers)[*].member) == var.image_readers
      && toset(values(google_artifact_registry_repository_iam_member.image_readers)[*].role) == toset(["roles/artifactregistry.reader"])
    )
    error_message = "Production's agent and its deployment read the images, and write none."
  }
}

run "dev" {
  variables {
    environment = "dev"
  }

  assert {
    condition     = length(google_service_account_iam_member.github_is_deploy) == 0
    error_message = "No environment of GitHub's deploys where changes are tried by hand, least of all production."
  }
}

run "images" {
  assert {
    condition = anytrue([
      for policy in google_artifact_registry_repository.images.cleanup_policies :
      policy.action == "KEEP" && try(policy.condition[0].tag_state == "TAGGED" && policy.condition[0].tag_prefixes == tolist(["production-"]), false)
    ])
    error_message = "What production runs must not be removed, however old it is."
  }

  assert {
    condition     = [for policy in google_artifact_registry_repository.images.cleanup_policies : policy.id if policy.action == "DELETE"] == ["delete-after-a-month"]
    error_message = "What is old, and neither new enough nor production's, goes."
  }
}

run "datasets" {
  assert {
    condition     = alltrue([for layer, dataset in google_bigquery_dataset.layer : dataset.labels.layer == layer && dataset.labels.app == "concord"])
    error_message = "Every dataset carries its labels."
  }

  assert {
    condition     = output.datasets.marts == "concord_marts"
    error_message = "Datasets are named as dbt names them."
  }

  assert {
    condition = (
      toset([for member in google_bigquery_dataset_iam_member.nightly_candidate : "${member.dataset_id} ${member.role}"])
      == toset([for layer in ["", "_seeds", "_staging", "_standardized", "_matching"] : "concord_candidate${layer} roles/bigquery.dataEditor"])
    )
    error_message = "A training finds its datasets: the account may create none."
  }
}

run "fewer_sources" {
  variables {
    sources = ["hubspot"]
  }

  assert {
    condition     = length(google_bigquery_dataset.files) == 0 && keys(google_bigquery_dataset_iam_member.nightly_connectors) == ["hubspot"]
    error_message = "A source that is not used must need nothing."
  }
}

run "unknown_source" {
  command = plan

  variables {
    sources = ["fax"]
  }

  expect_failures = [var.sources]
}

run "prefix_of_pull_requests" {
  command = plan

  variables {
    dataset = "concord_ci_7"
  }

  expect_failures = [var.dataset]
}

run "alerts" {
  assert {
    condition     = google_monitoring_alert_policy.absent.conditions[0].condition_prometheus_query_language[0].query == "(sum(increase(logging_googleapis_com:user_concord_run_published_sum{monitored_resource=\"cloud_run_job\",status=\"success\"}[23h])) or vector(0)) < 0.5"
    error_message = "What counts is what runs have published, not executions that succeed: `health` is one of these."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.failed.conditions[0].condition_prometheus_query_language[0].query, "{monitored_resource=\"cloud_run_job\",job_name=~\"concord-nightly|concord-retry\",result=\"failed\"}")
    error_message = "A container that is killed leaves no line, so its execution counts."
  }

  assert {
    condition = alltrue([
      for policy in [google_monitoring_alert_policy.absent, google_monitoring_alert_policy.no_backup] :
      strcontains(policy.conditions[0].condition_prometheus_query_language[0].query, "or vector(0)) < 0.5")
    ])
    error_message = "A run that never happened must raise the alert, too."
  }

  assert {
    condition     = length(google_monitoring_alert_policy.absent.notification_channels) == 1 && length(google_monitoring_alert_policy.failed.notification_channels) == 1
    error_message = "Alerts must reach somebody."
  }
}
