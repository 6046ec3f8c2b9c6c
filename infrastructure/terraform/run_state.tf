# What outlives a container: who holds the lock, the log of the runs, what a run that failed had
# built, and backups. The bucket of dbt's manifest is another one, because pull requests read it.

resource "google_storage_bucket" "runs" {
  #checkov:skip=CKV_GCP_78:The lock is written anew all the time, and an old one is of no use; Cloud Storage keeps what is deleted for a week.
  #checkov:skip=CKV_GCP_62:Who reads what is in the audit log (audit.tf).
  name                        = "${var.project}-concord-runs"
  location                    = var.location
  labels                      = local.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  # What `concord retry` reads of a run. After two weeks nobody goes on with one.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = 14
      matches_prefix = ["runs/${var.project}.${var.dataset}/attempts/"]
    }
  }

  dynamic "encryption" {
    for_each = local.keys

    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}

resource "google_storage_bucket" "backups" {
  #checkov:skip=CKV_GCP_78:A backup is written once under a name of its own; Cloud Storage keeps what is deleted for a week.
  #checkov:skip=CKV_GCP_62:Who reads what is in the audit log (audit.tf).
  name                        = "${var.project}-concord-backups"
  location                    = var.location
  labels                      = local.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  # The snapshots in BigQuery carry their own end; the files end here.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = var.backup_keep_days
    }
  }

  dynamic "encryption" {
    for_each = local.keys

    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}
