# Snapshots for the API: copies of what was published, with personal data.

locals {
  snapshot_place = var.enable_api ? "gs://${google_storage_bucket.snapshots[0].name}/snapshots" : ""

  # What a job needs on top of its own memory to write one: the file, and half of it to sort indexes.
  snapshot_job_gib = var.enable_api ? ceil(1.5 * var.api_snapshot_gib) : 0
}

resource "google_storage_bucket" "snapshots" {
  #checkov:skip=CKV_GCP_78:What is removed has to be gone, see below; every file can be written again.
  #checkov:skip=CKV_GCP_62:Who reads what is in the audit log (audit.tf).
  count = local.api

  name                        = "${var.project}-concord-snapshots"
  location                    = var.location
  labels                      = local.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  # The run removes all but the last three. What it removes is gone: any of them can be written again,
  # and one from before `concord forget` must not come back.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  dynamic "encryption" {
    for_each = local.keys

    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}

resource "google_storage_bucket_iam_member" "nightly_snapshots" {
  count = local.api

  bucket = google_storage_bucket.snapshots[0].name
  role   = "roles/storage.objectUser"
  member = google_service_account.nightly.member
}
