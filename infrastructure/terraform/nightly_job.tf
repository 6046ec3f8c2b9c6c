resource "google_cloud_run_v2_job" "nightly" {
  name                = "concord-nightly"
  location            = var.region
  labels              = local.labels
  deletion_protection = var.deletion_protection

  template {
    task_count  = 1
    parallelism = 1
    labels      = local.labels

    template {
      service_account = google_service_account.nightly.email
      # Without a value a task is ended after ten minutes.
      timeout = "${var.timeout_seconds}s"
      # The run repeats what is worth repeating; Cloud Run would repeat everything, cost included.
      max_retries = 0

      containers {
        image = var.image
        args  = ["run"]

        resources {
          limits = {
            cpu    = "2"
            memory = "4Gi"
          }
        }

        dynamic "env" {
          for_each = {
            CONCORD_TARGET               = "prod"
            CONCORD_PROJECT              = var.project
            CONCORD_DATASET              = var.dataset
            CONCORD_LOCATION             = var.location
            CONCORD_RAW_PREFIX           = var.raw_prefix
            CONCORD_SOURCES              = join(",", sort(var.sources))
            CONCORD_DEFAULT_PHONE_REGION = var.default_phone_region
            CONCORD_THREADS              = tostring(var.threads)
            # `format`, because large numbers would otherwise be written with an exponent.
            CONCORD_MAXIMUM_BYTES_BILLED = format("%d", var.maximum_bytes_billed)
          }

          content {
            name  = env.key
            value = env.value
          }
        }
      }
    }
  }

  lifecycle {
    # Deployments choose the image.
    ignore_changes = [client, client_version, template[0].template[0].containers[0].image]
  }

  # A run that starts before its rights exist would fail.
  depends_on = [
    google_project_iam_member.nightly_jobs,
    google_bigquery_dataset_iam_member.nightly_layers,
    google_bigquery_dataset_iam_member.nightly_files,
    google_bigquery_dataset_iam_member.nightly_connectors,
  ]
}
