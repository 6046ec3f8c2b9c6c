# Figures from the lines that Concord writes about each run. Their names are those of orchestrator/logs (log_outcome) and of
# orchestrator/run/night.py; tests/unit/test_log_metrics.py writes such lines and looks for every field that is named here.

locals {
  run_log = "resource.type=\"cloud_run_job\" AND resource.labels.job_name=(\"concord-nightly\" OR \"concord-retry\")"

  # Field of the line `run ends` and the unit of its values.
  run_figures = {
    seconds      = "s"
    bytes_billed = "By"
    nodes        = "{node}"
    failed       = "{node}"
    retries      = "{retry}"
    published    = "{table}"
  }

  # The metrics as PromQL knows them.
  of_runs = { for figure, metric in google_logging_metric.run : figure => "logging_googleapis_com:user_${metric.name}" }
  of_jobs = "monitored_resource=\"cloud_run_job\""
}

resource "google_logging_metric" "run" {
  for_each = local.run_figures

  name            = "concord_run_${each.key}"
  description     = "Of each run: ${each.key}."
  filter          = "${local.run_log} AND jsonPayload.message=\"run ends\""
  value_extractor = "EXTRACT(jsonPayload.${each.key})"

  label_extractors = {
    status = "EXTRACT(jsonPayload.status)"
  }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value

    labels {
      key         = "status"
      value_type  = "STRING"
      description = "What became of the run."
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_logging_metric" "source_age" {
  name            = "concord_source_age_hours"
  description     = "Of each raw table that is older than its sources file allows: its age when a run began."
  filter          = "${local.run_log} AND jsonPayload.message=\"source is old\""
  value_extractor = "EXTRACT(jsonPayload.hours)"

  label_extractors = {
    source = "EXTRACT(jsonPayload.source)"
  }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "h"

    labels {
      key         = "source"
      value_type  = "STRING"
      description = "Raw table, as source.table."
    }
  }

  depends_on = [google_project_service.this]
}
