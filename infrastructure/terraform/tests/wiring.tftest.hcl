mock_provider "google" {}

variables {
  project      = "example-project"
  alert_emails = ["data@example.com"]
  repository   = "example/concord"
}

run "nightly_job" {
  assert {
    condition     = google_cloud_run_v2_job.nightly.template[0].template[0].max_retries == 0
    error_message = "Cloud Run must not repeat a run."
  }

  assert {
    condition     = google_cloud_run_v2_job.nightly.template[0].template[0].timeout == "10800s"
    error_message = "The timeout must be explicit."
  }

  assert {
    condition     = google_cloud_run_v2_job.nightly.template[0].template[0].service_account == google_service_account.nightly.email
    error_message = "The run must use its own account."
  }

  assert {
    condition = anytrue([
      for env in google_cloud_run_v2_job.nightly.template[0].template[0].containers[0].env :
      env.name == "CONCORD_MAXIMUM_BYTES_BILLED" && env.value == "1000000000000"
    ])
    error_message = "The byte cap must be a whole number."
  }
}

run "schedule" {
  assert {
    condition     = google_cloud_scheduler_job.nightly.http_target[0].oauth_token[0].service_account_email == google_service_account.scheduler.email
    error_message = "The schedule must use the invoker account."
  }

  assert {
    condition     = endswith(google_cloud_scheduler_job.nightly.http_target[0].uri, "/jobs/concord-nightly:run")
    error_message = "The schedule must start the nightly job."
  }

  assert {
    condition     = google_cloud_run_v2_job_iam_member.scheduler_starts_nightly.role == "roles/run.invoker"
    error_message = "The invoker account must only start the job."
  }
}

run "rights" {
  assert {
    condition     = toset(keys(google_bigquery_dataset_iam_member.nightly_connectors)) == toset(["salesforce", "hubspot", "gmail", "dialpad"])
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
    condition     = endswith(google_service_account_iam_member.github_is_deploy.member, "/subject/repo:example/concord:environment:production")
    error_message = "Only the production environment deploys."
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
    condition     = strcontains(google_monitoring_alert_policy.absent.conditions[0].condition_prometheus_query_language[0].query, "vector(0)")
    error_message = "A run that never happened must raise the alert, too."
  }

  assert {
    condition     = length(google_monitoring_alert_policy.absent.notification_channels) == 1 && length(google_monitoring_alert_policy.failed.notification_channels) == 1
    error_message = "Alerts must reach somebody."
  }
}
