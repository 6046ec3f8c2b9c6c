# The service answers from a snapshot, so it reads little: what was published, for the messages and
# calls of one person, and the table of decisions, the only one that it writes.

resource "google_service_account" "api" {
  count = local.api

  account_id   = "concord-api"
  display_name = "Concord: the API and its pages"
  depends_on   = [google_project_service.this]
}

resource "google_project_iam_member" "api_jobs" {
  count = local.api

  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.api[0].member
}

resource "google_bigquery_dataset_iam_member" "api_reads" {
  count = local.api

  dataset_id = "${var.dataset}_published"
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.api[0].member

  depends_on = [google_bigquery_dataset.layer]
}

# BigQuery has no right to add rows alone: who may add some may change others. So it is given on this
# one table and not on its dataset, where the ledger and the run log are.
resource "google_project_iam_custom_role" "decider" {
  count = local.api

  role_id     = "concordDecider"
  title       = "Concord: keeps decisions"
  description = "Reads and writes rows; makes, changes and deletes no table."
  permissions = ["bigquery.tables.getData", "bigquery.tables.updateData"]
  depends_on  = [google_project_service.this]
}

resource "google_bigquery_table_iam_member" "api_decides" {
  count = local.api

  dataset_id = "${var.dataset}_ops"
  table_id   = "decisions"
  role       = google_project_iam_custom_role.decider[0].name
  member     = google_service_account.api[0].member

  depends_on = [google_bigquery_table.ops]
}

resource "google_storage_bucket_iam_member" "api_snapshots" {
  count = local.api

  bucket = google_storage_bucket.snapshots[0].name
  role   = "roles/storage.objectViewer"
  member = google_service_account.api[0].member
}

resource "google_secret_manager_secret_iam_member" "api_reads_client_secret" {
  count = var.enable_api && var.has_api_client_secret ? 1 : 0

  secret_id = "concord-api-client-secret"
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.api[0].member

  depends_on = [google_secret_manager_secret.this]
}
