# Figures from the log, what is told about them, and the page that shows them.
mock_provider "google" {}

mock_provider "google" {
  alias = "budgets"
}

variables {
  project      = "example-project"
  alert_emails = ["data@example.com", "night@example.com"]
  repository   = "example/concord"
}

run "metrics_of_the_log" {
  assert {
    condition = alltrue([
      for figure in ["seconds", "bytes_billed", "nodes", "failed", "retries"] :
      google_logging_metric.run[figure].value_extractor == "EXTRACT(jsonPayload.${figure})"
      && strcontains(google_logging_metric.run[figure].filter, "jsonPayload.message=\"run ends\"")
      && google_logging_metric.run[figure].metric_descriptor[0].value_type == "DISTRIBUTION"
    ])
    error_message = "Each figure of a run is taken from its last line."
  }

  assert {
    condition     = strcontains(google_logging_metric.source_age.filter, "jsonPayload.message=\"source is old\"") && google_logging_metric.source_age.label_extractors.source == "EXTRACT(jsonPayload.source)"
    error_message = "Which source is old must be known."
  }
}

run "alerts" {
  assert {
    condition = alltrue([
      for policy in [
        google_monitoring_alert_policy.slow_run, google_monitoring_alert_policy.bytes_billed, google_monitoring_alert_policy.error_rate,
        google_monitoring_alert_policy.old_data, google_monitoring_alert_policy.secret_due,
      ] :
      length(policy.notification_channels) == 2 && strcontains(policy.documentation[0].content, "docs/operate/runbooks.md#cloud-")
    ])
    error_message = "Alerts must reach everybody, and name the page that helps."
  }

  assert {
    condition = alltrue([
      for policy in [
        google_monitoring_alert_policy.failed, google_monitoring_alert_policy.absent, google_monitoring_alert_policy.no_backup,
        google_monitoring_alert_policy.slow_run, google_monitoring_alert_policy.bytes_billed, google_monitoring_alert_policy.error_rate,
        google_monitoring_alert_policy.old_data, google_monitoring_alert_policy.secret_due,
      ] :
      policy.conditions[0].condition_prometheus_query_language[0].disable_metric_validation
    ])
    error_message = "At the first apply no run has written the line that a metric begins with."
  }

  assert {
    condition     = endswith(google_monitoring_alert_policy.slow_run.conditions[0].condition_prometheus_query_language[0].query, "> 7200")
    error_message = "Without a limit a run is slow after two thirds of its time."
  }

  assert {
    condition     = endswith(google_monitoring_alert_policy.bytes_billed.conditions[0].condition_prometheus_query_language[0].query, "> 1000000000000")
    error_message = "A limit of bytes must be a whole number."
  }

  assert {
    condition     = startswith(google_monitoring_alert_policy.old_data.conditions[0].condition_prometheus_query_language[0].query, "sum by (source) (increase(logging_googleapis_com:user_concord_source_age_hours_count")
    error_message = "Each old source is an incident of its own."
  }

  assert {
    condition     = google_monitoring_alert_policy.absent.enabled && google_monitoring_alert_policy.no_backup.enabled
    error_message = "Where runs are scheduled, their absence must be told."
  }
}

run "limits" {
  variables {
    slow_run_seconds   = 3600
    daily_bytes_billed = 5000000000
    failed_share       = 0.1
  }

  assert {
    condition = (
      endswith(google_monitoring_alert_policy.slow_run.conditions[0].condition_prometheus_query_language[0].query, "> 3600")
      && endswith(google_monitoring_alert_policy.bytes_billed.conditions[0].condition_prometheus_query_language[0].query, "> 5000000000")
      && endswith(trimspace(google_monitoring_alert_policy.error_rate.conditions[0].condition_prometheus_query_language[0].query), "> 0.1")
    )
    error_message = "Limits must reach the alerts."
  }
}

run "slower_than_possible" {
  command = plan

  variables {
    slow_run_seconds = 10600
  }

  expect_failures = [var.slow_run_seconds]
}

run "paused" {
  variables {
    schedules_paused = true
  }

  assert {
    condition = (
      alltrue([for job in google_cloud_scheduler_job.this : job.paused])
      && !google_monitoring_alert_policy.absent.enabled && !google_monitoring_alert_policy.no_backup.enabled
    )
    error_message = "Where nothing starts, nobody is told that nothing succeeded."
  }
}

run "dashboard" {
  assert {
    condition     = length(jsondecode(google_monitoring_dashboard.concord.dashboard_json).mosaicLayout.tiles) == 7
    error_message = "Six charts of the runs, and their log."
  }

  assert {
    condition = alltrue([
      for tile in jsondecode(google_monitoring_dashboard.concord.dashboard_json).mosaicLayout.tiles :
      tile.xPos + tile.width <= 48
    ])
    error_message = "Tiles must fit on the page."
  }

  assert {
    condition     = length(google_billing_budget.this) == 0
    error_message = "Without a billing account there is no budget."
  }
}

run "dashboard_with_the_api" {
  variables {
    enable_api   = true
    api_issuer   = "https://login.example.com"
    api_audience = "concord"
  }

  assert {
    condition     = length([for tile in jsondecode(google_monitoring_dashboard.concord.dashboard_json).mosaicLayout.tiles : tile if startswith(tile.widget.title, "API: ")]) == 2
    error_message = "The API has its charts."
  }

  assert {
    condition     = length(distinct([for tile in jsondecode(google_monitoring_dashboard.concord.dashboard_json).mosaicLayout.tiles : "${tile.xPos} ${tile.yPos}"])) == 9
    error_message = "No tile may hide another."
  }
}

run "nobody_is_told" {
  command = plan

  variables {
    alert_emails = []
  }

  expect_failures = [var.alert_emails]
}

run "budget" {
  variables {
    billing_account = "012345-6789AB-CDEF01"
    monthly_budget  = 300
  }

  assert {
    condition = (
      google_billing_budget.this[0].amount[0].specified_amount[0].units == "300"
      && google_billing_budget.this[0].budget_filter[0].projects == toset(["projects/${data.google_project.this.number}"])
    )
    error_message = "The budget is of this project alone."
  }

  assert {
    condition     = length(google_billing_budget.this[0].all_updates_rule[0].monitoring_notification_channels) == 2 && length(google_billing_budget.this[0].threshold_rules) == 4
    error_message = "Whoever is told of failures is told of costs, before the money is spent."
  }
}
