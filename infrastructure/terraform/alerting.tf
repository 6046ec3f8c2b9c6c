# Google's own monitoring watches the run, so a container that never starts is noticed as well.
# No condition asks whether its metric exists (`disable_metric_validation`): those of the log begin with the first line, and the
# first apply comes before it.

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
  executions = join(",", [
    "monitored_resource=\"cloud_run_job\"",
    "job_name=~\"${google_cloud_run_v2_job.this["nightly"].name}|${google_cloud_run_v2_job.this["retry"].name}\"",
  ])
  backups = join(",", [
    "monitored_resource=\"cloud_run_job\"",
    "job_name=\"${google_cloud_run_v2_job.this["backup"].name}\"",
  ])
}

resource "google_monitoring_alert_policy" "failed" {
  display_name          = "Concord: an execution of the nightly job or of the retry failed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "An execution failed"

    # Whatever ran in it, a command by hand as well: the metric knows no arguments, and a run that is killed leaves no line.
    condition_prometheus_query_language {
      query                     = "sum(increase(run_googleapis_com:job_completed_execution_count{${local.executions},result=\"failed\"}[10m])) > 0"
      duration                  = "0s"
      evaluation_interval       = "60s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "A run, or a command that somebody started in the job (`--args=health`): its log says which. Of a run it names the models and the reason: Cloud Run, job `${google_cloud_run_v2_job.this["nightly"].name}`, region ${var.region}, tab Executions. The tables of the last good run are still there. When the cause is gone: `gcloud run jobs execute concord-retry --region ${var.region}` builds what is left and publishes. Runbook: ${local.runbooks}#cloud-failed"
  }
}

resource "google_monitoring_alert_policy" "absent" {
  display_name          = "Concord: no run has published for 26 hours"
  enabled               = !var.schedules_paused
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "Nothing in 23 hours, and nothing in the three hours after them"

    # What runs have published, a retry's as well: not every execution that succeeds is a night. Two parts, because one query may
    # not look back 26 hours. `vector(0)` stands for a metric that does not exist: without it a job that has never run would
    # raise no alert. Half a table, because `increase` estimates.
    condition_prometheus_query_language {
      query                     = "(sum(increase(${local.of_runs.published}_sum{${local.of_jobs},status=\"success\"}[23h])) or vector(0)) < 0.5"
      duration                  = "10800s"
      evaluation_interval       = "300s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "Either the run did not start (look at Cloud Scheduler, job `concord-nightly`), or it still runs, or it failed, or it published nothing. What people read is more than a day old. Runbook: ${local.runbooks}#cloud-absent"
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
      query                     = "(sum(increase(run_googleapis_com:job_completed_execution_count{${local.backups},result=\"succeeded\"}[23h])) or vector(0)) < 0.5"
      duration                  = "10800s"
      evaluation_interval       = "300s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "`gcloud run jobs execute concord-backup --region ${var.region}` makes one now; the log of the last execution names the reason. Runbook: ${local.runbooks}#cloud-no_backup"
  }
}
