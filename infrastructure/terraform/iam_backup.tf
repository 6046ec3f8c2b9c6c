# The backup reads what cannot be computed again and writes snapshots and files. It is an account of
# its own, so that a run that goes wrong cannot reach the backups.

resource "google_project_iam_member" "backup_jobs" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.backup.member
}

resource "google_bigquery_dataset_iam_member" "backup_reads" {
  for_each = local.saved_layers

  dataset_id = each.value
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.backup.member

  depends_on = [google_bigquery_dataset.layer]
}

resource "google_bigquery_dataset_iam_member" "backup_writes" {
  dataset_id = google_bigquery_dataset.backup.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.backup.member
}

# A snapshot that expires is one that is deleted later: BigQuery asks for the right to do so when it
# is made, on the table that is copied. dataEditor does not hold it.
resource "google_project_iam_custom_role" "snapshot_expirer" {
  role_id     = "concordSnapshotExpirer"
  title       = "Concord: lets snapshots expire"
  description = "Makes snapshots that expire; no table can be deleted with it."
  permissions = ["bigquery.tables.deleteSnapshot"]
  depends_on  = [google_project_service.this]
}

resource "google_bigquery_dataset_iam_member" "backup_expires_source" {
  for_each = local.saved_layers

  dataset_id = each.value
  role       = google_project_iam_custom_role.snapshot_expirer.name
  member     = google_service_account.backup.member

  depends_on = [google_bigquery_dataset.layer]
}

resource "google_bigquery_dataset_iam_member" "backup_expires_snapshot" {
  dataset_id = google_bigquery_dataset.backup.dataset_id
  role       = google_project_iam_custom_role.snapshot_expirer.name
  member     = google_service_account.backup.member
}

resource "google_storage_bucket_iam_member" "backup_files" {
  bucket = google_storage_bucket.backups.name
  role   = "roles/storage.objectUser"
  member = google_service_account.backup.member
}
