# One page of what the alerts look at, and the lines of the last runs.

locals {
  run_charts = [
    {
      title   = "Executions that ended"
      queries = { "by result" = "sum by (result) (increase(run_googleapis_com:job_completed_execution_count{${local.executions}}[1h]))" }
    },
    {
      title   = "Seconds of a run"
      queries = { "by status" = "sum by (status) (increase(${local.of_runs.seconds}_sum{${local.of_jobs}}[1h])) / sum by (status) (increase(${local.of_runs.seconds}_count{${local.of_jobs}}[1h]))" }
    },
    {
      title   = "Bytes billed in 23 hours"
      queries = { "bytes" = "sum(increase(${local.of_runs.bytes_billed}_sum{${local.of_jobs}}[23h]))" }
    },
    {
      title = "Nodes that failed or started again, in 23 hours"
      queries = {
        "failed"  = "sum(increase(${local.of_runs.failed}_sum{${local.of_jobs}}[23h]))"
        "retries" = "sum(increase(${local.of_runs.retries}_sum{${local.of_jobs}}[23h]))"
      }
    },
    {
      title   = "Age of sources that are too old, in hours"
      queries = { "by source" = "sum by (source) (increase(logging_googleapis_com:user_${google_logging_metric.source_age.name}_sum{${local.of_jobs}}[1h])) / sum by (source) (increase(logging_googleapis_com:user_${google_logging_metric.source_age.name}_count{${local.of_jobs}}[1h]))" }
    },
    {
      title   = "Secrets that are due"
      queries = { "messages" = "max(pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource=\"pubsub_subscription\",subscription_id=\"${google_pubsub_subscription.secret_due.name}\"})" }
    },
  ]
  api_charts = [
    {
      title   = "API: answers a second"
      queries = { "by response_code_class" = "sum by (response_code_class) (rate(run_googleapis_com:request_count{${local.api_service}}[5m]))" }
    },
    {
      title = "API: milliseconds"
      queries = {
        "half of them"     = "histogram_quantile(0.5, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{${local.api_service}}[5m])))"
        "all but 5 in 100" = "histogram_quantile(0.95, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{${local.api_service}}[5m])))"
      }
    },
  ]
  charts = concat(local.run_charts, [for chart in local.api_charts : chart if var.enable_api])

  chart_tiles = [
    for index, chart in local.charts : {
      xPos   = 24 * (index % 2)
      yPos   = 12 * floor(index / 2)
      width  = 24
      height = 12
      widget = {
        title = chart.title
        xyChart = {
          dataSets = [
            for legend, query in chart.queries : merge(
              {
                plotType        = "LINE"
                timeSeriesQuery = { prometheusQuery = query }
              },
              # Several lines of one query carry the values of their label.
              { for key in ["legendTemplate"] : key => legend if !startswith(legend, "by ") },
            )
          ]
        }
      }
    }
  ]
  log_tile = {
    xPos   = 0
    yPos   = 12 * ceil(length(local.charts) / 2)
    width  = 48
    height = 16
    widget = {
      title     = "How the runs ended, and what failed"
      logsPanel = { filter = "${local.run_log} AND jsonPayload.message=(\"run ends\" OR \"node failed\" OR \"trying again\" OR \"source is old\")" }
    }
  }
}

resource "google_monitoring_dashboard" "concord" {
  dashboard_json = jsonencode({
    displayName  = "Concord (${var.environment})"
    labels       = { concord = "" }
    mosaicLayout = { columns = 48, tiles = concat(local.chart_tiles, [local.log_tile]) }
  })

  depends_on = [google_project_service.this]
}
