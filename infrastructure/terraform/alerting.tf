# Google's own monitoring watches the run, so a container that never starts is noticed as well.

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = "Concord: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }
  user_labels  = local.labels

  depends_on = [google_project_service.this]
}

locals {
  runbooks = "https://github.com/${var.repository}/blob/main/docs/operate/runbooks.md"
  channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  # A retry that succeeds makes its nightly run a success.
  nights = "${google_cloud_run_v2_job.this["nightly"].name}|${google_cloud_run_v2_job.this["retry"].name}"
  executions = join(",", [
    "monitored_resource=\"cloud_run_job\"",
    "job_name=~\"${local.nights}\"",
  ])
  backups = join(",", [
    "monitored_resource=\"cloud_run_job\"",
    "job_name=\"${google_cloud_run_v2_job.this["backup"].name}\"",
  ])
}

resource "google_monitoring_alert_policy" "failed" {
  display_name          = "Concord: the nightly run failed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "An execution failed"

    condition_prometheus_query_language {
      query               = "sum(increase(run_googleapis_com:job_completed_execution_count{${local.executions},result=\"failed\"}[10m])) > 0"
      duration            = "0s"
      evaluation_interval = "60s"
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "The execution's log names the models and the reason: Cloud Run, job `${google_cloud_run_v2_job.this["nightly"].name}`, region ${var.region}, tab Executions. The tables of the last good run are still there. When the cause is gone: `gcloud run jobs execute concord-retry --region ${var.region}` builds what is left and publishes. Runbook: ${local.runbooks}#cloud-failed"
  }
}

resource "google_monitoring_alert_policy" "absent" {
  display_name          = "Concord: no successful run for 26 hours"
  enabled               = !var.schedules_paused
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "No success in 23 hours, and none in the three hours after them"

    # Two parts, because one query may not look back 26 hours. `vector(0)` stands for a metric that
    # does not exist: without it a job that has never run would raise no alert.
    condition_prometheus_query_language {
      query               = "(sum(increase(run_googleapis_com:job_completed_execution_count{${local.executions},result=\"succeeded\"}[23h])) or vector(0)) < 1"
      duration            = "10800s"
      evaluation_interval = "300s"
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "Either the run did not start (look at Cloud Scheduler, job `concord-nightly`), or it still runs, or it failed. What people read is more than a day old. Runbook: ${local.runbooks}#cloud-absent"
  }
}

resource "google_monitoring_alert_policy" "no_backup" {
  display_name          = "Concord: no backup for a day"
  enabled               = !var.schedules_paused
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "No backup in 23 hours, and none in the three hours after them"

    condition_prometheus_query_language {
      query               = "(sum(increase(run_googleapis_com:job_completed_execution_count{${local.backups},result=\"succeeded\"}[23h])) or vector(0)) < 1"
      duration            = "10800s"
      evaluation_interval = "300s"
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "`gcloud run jobs execute concord-backup --region ${var.region}` makes one now; the log of the last execution names the reason. Runbook: ${local.runbooks}#cloud-no_backup"
  }
}
