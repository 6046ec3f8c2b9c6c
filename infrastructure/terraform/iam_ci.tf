# A pull request reads production and the raw data, and writes only into datasets that it has created:
# whoever creates a dataset owns it.

resource "google_project_iam_member" "ci_jobs" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.ci.member
}

resource "google_project_iam_custom_role" "dataset_creator" {
  role_id     = "concordDatasetCreator"
  title       = "Concord: creates datasets"
  description = "Creates datasets; gives no access to those of others."
  permissions = ["bigquery.datasets.create"]
  depends_on  = [google_project_service.this]
}

resource "google_project_iam_member" "ci_datasets" {
  project = var.project
  role    = google_project_iam_custom_role.dataset_creator.name
  member  = google_service_account.ci.member
}

resource "google_bigquery_dataset_iam_member" "ci_layers" {
  for_each = google_bigquery_dataset.layer

  dataset_id = each.value.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.ci.member
}

resource "google_bigquery_dataset_iam_member" "ci_files" {
  for_each = google_bigquery_dataset.files

  dataset_id = each.value.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.ci.member
}

resource "google_bigquery_dataset_iam_member" "ci_connectors" {
  for_each = local.connector_datasets

  dataset_id = each.value
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.ci.member
}

resource "google_storage_bucket_iam_member" "ci_state" {
  bucket = google_storage_bucket.state.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.ci.member
}
