resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:kms_key_name encrypts it with a key of one's own; without, Google's do.
  repository_id = "concord"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the jobs and of the API."
  labels        = local.labels
  kms_key_name  = one(local.keys)

  # Enough to go back; the rest is only storage.
  cleanup_policies {
    id     = "keep-the-last-ten"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }

  # What production runs, and has run: the workflow `deploy` tags it. A digest that a job names and that is gone would end the
  # next night, however many others were built since.
  cleanup_policies {
    id     = "keep-what-production-ran"
    action = "KEEP"
    condition {
      tag_state    = "TAGGED"
      tag_prefixes = ["production-"]
    }
  }

  cleanup_policies {
    id     = "delete-after-a-month"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.uses_key]
}

# Images are built once, into staging's registry, and production runs the digests that staging has run. Cloud Run asks for
# both: its agent pulls the image, and whoever deploys must be able to read it.
resource "google_artifact_registry_repository_iam_member" "image_readers" {
  for_each = var.image_readers

  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = each.value
}
