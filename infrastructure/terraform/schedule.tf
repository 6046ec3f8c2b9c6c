locals {
  schedules = {
    nightly = { schedule = var.schedule, description = "Starts the nightly run." }
    backup  = { schedule = var.backup_schedule, description = "Starts the backup." }
  }
}

resource "google_cloud_run_v2_job_iam_member" "scheduler_starts" {
  for_each = local.schedules

  location = google_cloud_run_v2_job.this[each.key].location
  name     = google_cloud_run_v2_job.this[each.key].name
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}

resource "google_cloud_scheduler_job" "this" {
  for_each = local.schedules

  name             = "concord-${each.key}"
  region           = var.region
  description      = each.value.description
  schedule         = each.value.schedule
  time_zone        = var.time_zone
  attempt_deadline = "180s"
  paused           = var.schedules_paused

  # Repeats the call that starts the job, not the job.
  retry_config {
    retry_count          = 3
    min_backoff_duration = "30s"
    max_backoff_duration = "300s"
  }

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/projects/${var.project}/locations/${var.region}/jobs/${google_cloud_run_v2_job.this[each.key].name}:run"

    oauth_token {
      service_account_email = google_service_account.scheduler.email
      scope                 = "https://www.googleapis.com/auth/cloud-platform"
    }
  }

  depends_on = [google_cloud_run_v2_job_iam_member.scheduler_starts]
}
