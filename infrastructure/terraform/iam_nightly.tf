# The nightly run starts queries in the project and touches its own datasets only.

resource "google_project_iam_member" "nightly_jobs" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.nightly.member
}

# The role holds bigquery.tables.list. Without that permission dbt takes every incremental table for
# missing, and rebuilds it silently.
resource "google_bigquery_dataset_iam_member" "nightly_layers" {
  for_each = google_bigquery_dataset.layer

  dataset_id = each.value.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.nightly.member
}

resource "google_bigquery_dataset_iam_member" "nightly_candidate" {
  for_each = google_bigquery_dataset.candidate

  dataset_id = each.value.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.nightly.member
}

resource "google_bigquery_dataset_iam_member" "nightly_files" {
  for_each = google_bigquery_dataset.files

  dataset_id = each.value.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.nightly.member
}

resource "google_bigquery_dataset_iam_member" "nightly_connectors" {
  for_each = local.connector_datasets

  dataset_id = each.value
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.nightly.member
}

# The lock, the log of the runs, and what a retry goes on with.
resource "google_storage_bucket_iam_member" "nightly_runs" {
  bucket = google_storage_bucket.runs.name
  role   = "roles/storage.objectUser"
  member = google_service_account.nightly.member
}

# Metrics that go to Google Cloud are signed by the run's account.
resource "google_project_iam_member" "nightly_metrics" {
  count = local.google_metrics ? 1 : 0

  project = var.project
  role    = "roles/telemetry.metricsWriter"
  member  = google_service_account.nightly.member
}
