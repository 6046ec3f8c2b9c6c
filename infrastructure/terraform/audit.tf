# Who read and changed what, kept apart and longer than other logs. The lines `audit` of the API are the only ones that know persons'
# ids; BigQuery's hold the texts of queries, which may name somebody.

locals {
  audited_services = toset(["bigquery.googleapis.com", "secretmanager.googleapis.com", "storage.googleapis.com"])
}

resource "google_project_iam_audit_config" "data_access" {
  for_each = local.audited_services

  project = var.project
  service = each.value

  dynamic "audit_log_config" {
    for_each = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]

    content {
      log_type = audit_log_config.value
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_logging_project_bucket_config" "audit" {
  project          = var.project
  location         = var.region
  bucket_id        = "concord-audit"
  description      = "Who read and changed what."
  retention_days   = var.audit_retention_days
  locked           = var.audit_locked
  enable_analytics = true

  dynamic "cmek_settings" {
    for_each = local.keys

    content {
      kms_key_name = cmek_settings.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}

# A bucket of the same project takes what its sink sends without a grant.
resource "google_logging_project_sink" "audit" {
  name                   = "concord-audit"
  description            = "Who read and changed what."
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.audit.id}"
  unique_writer_identity = true

  filter = join(" OR ", [
    "log_id(\"cloudaudit.googleapis.com/activity\")",
    "(log_id(\"cloudaudit.googleapis.com/data_access\") AND protoPayload.serviceName=(${join(" OR ", [for name in local.audited_services : "\"${name}\""])}))",
    "(${local.api_log} AND jsonPayload.message=\"audit\")",
  ])
}
