# Secrets are made here and filled by hand, so that no value is in a state of Terraform's:
# `gcloud secrets versions add concord-alert-addresses --data-file=-`

locals {
  secrets = toset(concat(
    [for name in var.alert_secrets : "concord-alert-${name}"],
    [for name in ["concord-api-client-secret"] : name if var.has_api_client_secret],
  ))
}

resource "google_secret_manager_secret" "this" {
  for_each = local.secrets

  secret_id           = each.value
  labels              = local.labels
  deletion_protection = var.deletion_protection

  # A key of one's own is in one region, and so is then the secret.
  replication {
    dynamic "auto" {
      for_each = length(local.keys) == 0 ? [1] : []
      content {}
    }

    dynamic "user_managed" {
      for_each = local.keys

      content {
        replicas {
          location = var.region

          customer_managed_encryption {
            kms_key_name = user_managed.value
          }
        }
      }
    }
  }

  topics {
    name = google_pubsub_topic.secret_rotation.id
  }

  rotation {
    rotation_period = "${var.secret_rotation_days * 86400}s"
    # Unknown until it is applied: the time of the plan would make two plans differ, and what was approved would never be
    # what is applied (.github/workflows/infrastructure.yml).
    next_rotation_time = timeadd(timestamp(), "${var.secret_rotation_days * 24}h")
  }

  lifecycle {
    # Secret Manager moves it on by itself.
    ignore_changes = [rotation[0].next_rotation_time]
  }

  depends_on = [
    google_kms_crypto_key_iam_member.uses_key,
    google_pubsub_topic_iam_member.secret_manager_tells,
  ]
}

# Secret Manager replaces nothing: it says that a secret is due. The subscription keeps that until somebody has taken it
# (alerting_figures.tf, policy `secret_due`).
resource "google_pubsub_topic" "secret_rotation" {
  #checkov:skip=CKV_GCP_83:kms_key_name encrypts it. Messages hold names of secrets, no values.
  name         = "concord-secret-rotation"
  labels       = local.labels
  kms_key_name = one(local.keys)

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}

resource "google_pubsub_topic_iam_member" "secret_manager_tells" {
  topic  = google_pubsub_topic.secret_rotation.name
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
}

resource "google_pubsub_subscription" "secret_due" {
  name   = "concord-secret-due"
  topic  = google_pubsub_topic.secret_rotation.id
  labels = local.labels
  filter = "attributes.eventType = \"SECRET_ROTATE\""
  # A month, the longest that there is. Without an expiry it is there when the first message comes.
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

resource "google_secret_manager_secret_iam_member" "nightly_reads_alert_secrets" {
  for_each = var.alert_secrets

  secret_id = "concord-alert-${each.value}"
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.nightly.member

  depends_on = [google_secret_manager_secret.this]
}
