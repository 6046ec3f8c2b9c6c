# What outlives a container: who holds the lock, the log of the runs, what a run that failed had
# built, and backups. The bucket of dbt's manifest is another one, because pull requests read it.

resource "google_storage_bucket" "runs" {
  #checkov:skip=CKV_GCP_78:The lock is written anew all the time, and an old one is of no use; Cloud Storage keeps what is deleted for a week.
  #checkov:skip=CKV_GCP_62:Who reads what is in Cloud Audit Logs, which a project switches on for all its buckets.
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

  depends_on = [google_project_service.this]
}

resource "google_storage_bucket" "backups" {
  #checkov:skip=CKV_GCP_78:A backup is written once under a name of its own; Cloud Storage keeps what is deleted for a week.
  #checkov:skip=CKV_GCP_62:Who reads what is in Cloud Audit Logs, which a project switches on for all its buckets.
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

  depends_on = [google_project_service.this]
}

# The value is put in by hand, so that it is in no state of Terraform's:
# `gcloud secrets versions add concord-alert-address --data-file=-`
resource "google_secret_manager_secret" "alert_address" {
  count = var.has_alert_address ? 1 : 0

  secret_id = "concord-alert-address"
  labels    = local.labels

  replication {
    auto {}
  }

  depends_on = [google_project_service.this]
}

resource "google_secret_manager_secret_iam_member" "nightly_reads_alert_address" {
  count = var.has_alert_address ? 1 : 0

  secret_id = google_secret_manager_secret.alert_address[0].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.nightly.member
}
