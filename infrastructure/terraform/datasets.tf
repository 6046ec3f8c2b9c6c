resource "google_bigquery_dataset" "layer" {
  #checkov:skip=CKV_GCP_81:kms_key_name encrypts it with a key of one's own; without, Google's do.
  for_each = local.layers

  dataset_id                 = each.value
  location                   = var.location
  description                = "Concord, layer ${each.key}."
  labels                     = merge(local.labels, { layer = each.key })
  delete_contents_on_destroy = false
  # Time travel is the second safety net of the identifiers, of the run log and the models, and of what was believed.
  max_time_travel_hours = contains(["entities", "ops", "snapshots"], each.key) ? 168 : 48

  dynamic "default_encryption_configuration" {
    for_each = local.keys

    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}

resource "google_bigquery_dataset" "candidate" {
  #checkov:skip=CKV_GCP_81:kms_key_name encrypts it with a key of one's own; without, Google's do.
  for_each = local.candidate_layers

  dataset_id                 = each.value
  location                   = var.location
  description                = "Concord, layer ${each.key} of a model that is being trained."
  labels                     = merge(local.labels, { layer = each.key })
  delete_contents_on_destroy = false

  dynamic "default_encryption_configuration" {
    for_each = local.keys

    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}

# Apart from the layers: only the backup's account writes here.
resource "google_bigquery_dataset" "backup" {
  #checkov:skip=CKV_GCP_81:kms_key_name encrypts it with a key of one's own; without, Google's do.
  dataset_id                 = "${var.dataset}_backup"
  location                   = var.location
  description                = "Concord, snapshots of what cannot be computed again."
  labels                     = merge(local.labels, { layer = "backup" })
  delete_contents_on_destroy = false

  dynamic "default_encryption_configuration" {
    for_each = local.keys

    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}

resource "google_bigquery_dataset" "files" {
  #checkov:skip=CKV_GCP_81:kms_key_name encrypts it with a key of one's own; without, Google's do.
  for_each = local.file_datasets

  dataset_id                 = each.value
  location                   = var.location
  description                = "Files that `concord load` has loaded."
  labels                     = merge(local.labels, { layer = "raw" })
  delete_contents_on_destroy = false

  dynamic "default_encryption_configuration" {
    for_each = local.keys

    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}
