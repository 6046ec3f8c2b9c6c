# Google's own monitoring watches the API. Its addresses that end with z are for Cloud Run's probes:
# from outside Google may keep such paths to itself, so `/health` says what `/healthz` does.

locals {
  api_service = join(",", [
    "monitored_resource=\"cloud_run_revision\"",
    "service_name=\"concord-api\"",
  ])
  api_log = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"concord-api\""
  # Monitoring asks from outside.
  api_is_watched_from_outside = var.enable_api && var.api_ingress == "all"
}

resource "google_monitoring_alert_policy" "api_errors" {
  count = local.api

  display_name          = "Concord: the API answers with errors"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "More than 1 of 100 answers for ten minutes"

    # Five at least: of few requests one error is a large share.
    condition_prometheus_query_language {
      query                     = <<-END
        (sum(increase(run_googleapis_com:request_count{${local.api_service},response_code_class="5xx"}[10m])) > 5)
        and
        (sum(rate(run_googleapis_com:request_count{${local.api_service},response_code_class="5xx"}[10m]))
          / sum(rate(run_googleapis_com:request_count{${local.api_service}}[10m])) > 0.01)
      END
      duration                  = "0s"
      evaluation_interval       = "60s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "The log of Cloud Run, service `concord-api`, region ${var.region}, has the request of each answer. 502 and 504 are BigQuery's, and only for interactions and decisions; 503 means that there is no snapshot. docs/use/serving.md, section Health, says what each part tells, and docs/use/api.md every code. Runbook: ${local.runbooks}#cloud-api_errors"
  }

  depends_on = [google_cloud_run_v2_service.api]
}

resource "google_monitoring_alert_policy" "api_slow" {
  count = local.api

  display_name          = "Concord: the API is slow"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "5 of 100 answers take longer than ${var.api_slow_milliseconds} ms, for ten minutes"

    condition_prometheus_query_language {
      query                     = "histogram_quantile(0.95, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{${local.api_service}}[5m]))) > ${var.api_slow_milliseconds}"
      duration                  = "600s"
      evaluation_interval       = "60s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "docs/use/serving.md, section How fast it is, has what was measured. Look at the service's CPU and memory in Cloud Run, and whether somebody searches in bulk (log, `audit`). Interactions and decisions wait for BigQuery, for seconds: many of them raise this without a fault. Runbook: ${local.runbooks}#cloud-api_slow"
  }

  depends_on = [google_cloud_run_v2_service.api]
}

# The service goes on answering from what it has, so nobody else would notice.
resource "google_monitoring_alert_policy" "api_stuck" {
  count = local.api

  display_name          = "Concord: the API cannot take a newer snapshot, or decisions"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "It says so in its log"

    condition_matched_log {
      filter = "${local.api_log} AND (\"the newest snapshot cannot be taken\" OR \"decisions cannot be sent or read\" OR \"decisions could not be sent\")"
    }
  }

  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "3600s"
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "The line names the problem. A snapshot that does not fit on the disk: raise `api_snapshot_gib`. One of another version: deploy, then `gcloud run jobs execute concord-nightly --region ${var.region} --args=snapshot`. Decisions are refused until BigQuery takes them; none is lost. docs/use/serving.md, sections The snapshot and In the cloud. Runbook: ${local.runbooks}#cloud-api_stuck"
  }

  depends_on = [google_cloud_run_v2_service.api]
}

resource "google_monitoring_uptime_check_config" "api" {
  count = local.api_is_watched_from_outside ? 1 : 0

  display_name = "Concord: the API is well"
  period       = "300s"
  timeout      = "10s"
  user_labels  = local.labels

  http_check {
    path         = "/health"
    port         = 443
    use_ssl      = true
    validate_ssl = true

    # Where IAM lets in only some, Monitoring's own account is one of them.
    dynamic "service_agent_authentication" {
      for_each = contains(var.api_invokers, "allUsers") ? [] : [1]

      content {
        type = "OIDC_TOKEN"
      }
    }
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project
      host       = trimprefix(google_cloud_run_v2_service.api[0].uri, "https://")
    }
  }
}

resource "google_cloud_run_v2_service_iam_member" "uptime_asks_api" {
  count = local.api_is_watched_from_outside && !contains(var.api_invokers, "allUsers") ? 1 : 0

  location = google_cloud_run_v2_service.api[0].location
  name     = google_cloud_run_v2_service.api[0].name
  role     = "roles/run.invoker"
  member   = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
}

resource "google_monitoring_alert_policy" "api_unwell" {
  count = local.api_is_watched_from_outside ? 1 : 0

  display_name          = "Concord: the API is not well, or its data are old"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "Two checks of /health in a row fail, from more than one place"

    condition_threshold {
      filter          = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND resource.type=\"uptime_url\" AND metric.labels.check_id=\"${google_monitoring_uptime_check_config.api[0].uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "300s"

      aggregations {
        alignment_period     = "600s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "`/health` says which part is not well: the data are older than CONCORD_SERVE_MAX_AGE_HOURS (look at the nightly run), a newer snapshot was refused, or decisions do not reach the warehouse. No answer at all: Cloud Run, service `concord-api`, tab Logs. docs/use/serving.md, section Health. Runbook: ${local.runbooks}#cloud-api_unwell"
  }
}
