# A run can succeed and be slow, dear, lucky or about old data. Limits are variables; a query may not look back a whole day and an
# hour, so a day is 23 hours.

locals {
  slow_run_seconds   = var.slow_run_seconds == null ? floor(var.timeout_seconds * 2 / 3) : var.slow_run_seconds
  daily_bytes_billed = var.daily_bytes_billed == null ? var.maximum_bytes_billed : var.daily_bytes_billed
}

resource "google_monitoring_alert_policy" "slow_run" {
  display_name          = "Concord: a run was slow"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "A run took longer than ${local.slow_run_seconds} s"

    # A run writes one line when it ends: of few minutes the mean is that run.
    condition_prometheus_query_language {
      query                     = "sum(increase(${local.of_runs.seconds}_sum{${local.of_jobs}}[10m])) / sum(increase(${local.of_runs.seconds}_count{${local.of_jobs}}[10m])) > ${format("%d", local.slow_run_seconds)}"
      duration                  = "0s"
      evaluation_interval       = "60s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "It goes towards `timeout_seconds`, at which a run is ended. `concord history --run RUN_ID` names the slow nodes. Runbook: ${local.runbooks}#cloud-slow_run"
  }
}

resource "google_monitoring_alert_policy" "bytes_billed" {
  display_name          = "Concord: the runs of a day billed much"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "More than ${format("%d", local.daily_bytes_billed)} bytes in 23 hours"

    condition_prometheus_query_language {
      query                     = "sum(increase(${local.of_runs.bytes_billed}_sum{${local.of_jobs}}[23h])) > ${format("%d", local.daily_bytes_billed)}"
      duration                  = "0s"
      evaluation_interval       = "300s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "All runs and retries of the day together. `concord history --run RUN_ID` has the bytes of each node, `concord plan` what the next run will bill. Runbook: ${local.runbooks}#cloud-bytes_billed"
  }
}

resource "google_monitoring_alert_policy" "error_rate" {
  display_name          = "Concord: many nodes fail or need a second try"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "More than ${var.failed_share} of the nodes of a day"

    condition_prometheus_query_language {
      query                     = <<-END
        (sum(increase(${local.of_runs.failed}_sum{${local.of_jobs}}[23h])) + sum(increase(${local.of_runs.retries}_sum{${local.of_jobs}}[23h])))
          / sum(increase(${local.of_runs.nodes}_sum{${local.of_jobs}}[23h])) > ${var.failed_share}
      END
      duration                  = "0s"
      evaluation_interval       = "300s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "A run that succeeds at the second try tells nobody; many of them are the beginning of an outage or of a quota that is too small. The log of the run has a line `trying again` with the cause of each. Runbook: ${local.runbooks}#cloud-error_rate"
  }
}

resource "google_monitoring_alert_policy" "old_data" {
  display_name          = "Concord: a source delivers no new data"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "A run of the last 23 hours found a table older than its sources file allows"

    # An incident of its own for each table, which is in its labels.
    condition_prometheus_query_language {
      query                     = "sum by (source) (increase(logging_googleapis_com:user_${google_logging_metric.source_age.name}_count{${local.of_jobs}}[23h])) > 0"
      duration                  = "0s"
      evaluation_interval       = "300s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "The run went on with what was there, so what people read is complete, and old. The incident names the table; its connector has the reason. Runbook: ${local.runbooks}#cloud-old_data"
  }
}

resource "google_monitoring_alert_policy" "secret_due" {
  display_name          = "Concord: a secret is due to be replaced"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "A message of Secret Manager waits"

    condition_prometheus_query_language {
      query                     = "max(pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource=\"pubsub_subscription\",subscription_id=\"${google_pubsub_subscription.secret_due.name}\"}) > 0"
      duration                  = "0s"
      evaluation_interval       = "300s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "`gcloud pubsub subscriptions pull ${google_pubsub_subscription.secret_due.name}` names it. Add a version, disable the one before, then pull with `--auto-ack`. Runbook: ${local.runbooks}#cloud-secret_due"
  }
}
