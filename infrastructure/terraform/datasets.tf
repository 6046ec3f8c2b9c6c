resource "google_bigquery_dataset" "layer" {
  for_each = local.layers

  dataset_id                 = each.value
  location                   = var.location
  description                = "Concord, layer ${each.key}."
  labels                     = merge(local.labels, { layer = each.key })
  delete_contents_on_destroy = false
  # Time travel is the second safety net of the identifiers and of the review decisions.
  max_time_travel_hours = contains(["entities", "ops"], each.key) ? 168 : 48

  depends_on = [google_project_service.this]
}

resource "google_bigquery_dataset" "files" {
  for_each = local.file_datasets

  dataset_id                 = each.value
  location                   = var.location
  description                = "Files that `concord load` has loaded."
  labels                     = merge(local.labels, { layer = "raw" })
  delete_contents_on_destroy = false

  depends_on = [google_project_service.this]
}
