# With `kms_key_name`, a key of one's own for all that is stored: datasets, buckets, images, secrets, messages, the audit log, jobs
# and the API. Each service uses the key by an account of Google's, which has to exist (infrastructure/README.md).

locals {
  # For `dynamic` blocks: one block, or none.
  keys = var.kms_key_name == "" ? [] : [var.kms_key_name]

  # Accounts of Google's that have the project's number in their names.
  numbered_accounts = ["gcp-sa-artifactregistry", "gcp-sa-pubsub", "gcp-sa-secretmanager", "serverless-robot-prod"]

  key_users = var.kms_key_name == "" ? {} : merge(
    { for name in local.numbered_accounts : name => "serviceAccount:service-${data.google_project.this.number}@${name}.iam.gserviceaccount.com" },
    {
      bigquery = data.google_bigquery_default_service_account.this[0].member
      logging  = "serviceAccount:${data.google_logging_project_settings.this[0].kms_service_account_id}"
      storage  = data.google_storage_project_service_account.this[0].member
    },
  )
}

data "google_bigquery_default_service_account" "this" {
  count      = length(local.keys)
  depends_on = [google_project_service.this]
}

data "google_storage_project_service_account" "this" {
  count      = length(local.keys)
  depends_on = [google_project_service.this]
}

data "google_logging_project_settings" "this" {
  count      = length(local.keys)
  project    = var.project
  depends_on = [google_project_service.this]
}

resource "google_kms_crypto_key_iam_member" "uses_key" {
  for_each = local.key_users

  crypto_key_id = var.kms_key_name
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = each.value
}
