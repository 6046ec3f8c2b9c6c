resource "google_bigquery_dataset" "layer" {
  #checkov:skip=CKV_GCP_81:Google's keys encrypt it. A key of one's own is one more thing to lose; nobody has asked for it.
  for_each = local.layers

  dataset_id                 = each.value
  location                   = var.location
  description                = "Concord, layer ${each.key}."
  labels                     = merge(local.labels, { layer = each.key })
  delete_contents_on_destroy = false
  # Time travel is the second safety net of the identifiers and of the run log.
  max_time_travel_hours = contains(["entities", "ops"], each.key) ? 168 : 48

  depends_on = [google_project_service.this]
}

# Apart from the layers: only the backup's account writes here.
resource "google_bigquery_dataset" "backup" {
  #checkov:skip=CKV_GCP_81:Google's keys encrypt it. A key of one's own is one more thing to lose; nobody has asked for it.
  dataset_id                 = "${var.dataset}_backup"
  location                   = var.location
  description                = "Concord, snapshots of what cannot be computed again."
  labels                     = merge(local.labels, { layer = "backup" })
  delete_contents_on_destroy = false

  depends_on = [google_project_service.this]
}

resource "google_bigquery_dataset" "files" {
  #checkov:skip=CKV_GCP_81:Google's keys encrypt it. A key of one's own is one more thing to lose; nobody has asked for it.
  for_each = local.file_datasets

  dataset_id                 = each.value
  location                   = var.location
  description                = "Files that `concord load` has loaded."
  labels                     = merge(local.labels, { layer = "raw" })
  delete_contents_on_destroy = false

  depends_on = [google_project_service.this]
}
