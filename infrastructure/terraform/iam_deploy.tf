# A deployment pushes images, points the jobs and the service at them and publishes the state. It sees no data.

resource "google_artifact_registry_repository_iam_member" "deploy_images" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.deploy.member
}

resource "google_cloud_run_v2_job_iam_member" "deploy_job" {
  for_each = google_cloud_run_v2_job.this

  location = each.value.location
  name     = each.value.name
  role     = "roles/run.developer"
  member   = google_service_account.deploy.member
}

# An execution is asked for, listed and cancelled in the project, not in its job: what runs on when a deployment is taken back would
# hold the lock, and publish. It starts and changes nothing by this.
resource "google_project_iam_custom_role" "execution_canceller" {
  role_id     = "concordExecutionCanceller"
  title       = "Concord: cancels executions of jobs"
  description = "Lists, reads and cancels executions of Cloud Run jobs; starts none."
  permissions = ["run.executions.cancel", "run.executions.get", "run.executions.list"]
  depends_on  = [google_project_service.this]
}

resource "google_project_iam_member" "deploy_executions" {
  project = var.project
  role    = google_project_iam_custom_role.execution_canceller.name
  member  = google_service_account.deploy.member
}

resource "google_cloud_run_v2_service_iam_member" "deploy_api" {
  count = local.api

  location = google_cloud_run_v2_service.api[0].location
  name     = google_cloud_run_v2_service.api[0].name
  role     = "roles/run.developer"
  member   = google_service_account.deploy.member
}

# Whoever changes a job must be allowed to act as the account that the job runs as.
resource "google_service_account_iam_member" "deploy_acts_as_backup" {
  service_account_id = google_service_account.backup.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deploy.member
}

resource "google_service_account_iam_member" "deploy_acts_as_nightly" {
  service_account_id = google_service_account.nightly.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deploy.member
}

resource "google_service_account_iam_member" "deploy_acts_as_api" {
  count = local.api

  service_account_id = google_service_account.api[0].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deploy.member
}

resource "google_storage_bucket_iam_member" "deploy_state" {
  bucket = google_storage_bucket.state.name
  role   = "roles/storage.objectUser"
  member = google_service_account.deploy.member
}
