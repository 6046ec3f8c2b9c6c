# `concord serve`: the API and its pages, from the newest snapshot. Only with `enable_api`.

locals {
  api = var.enable_api ? 1 : 0

  # The disk of Cloud Run is memory. While a newer snapshot is fetched there are three: the one that
  # answers, the one before, which an answer may still read, and the new one.
  api_disk_gib   = ceil(3 * var.api_snapshot_gib)
  api_memory_gib = local.api_disk_gib + 1
  # What Cloud Run asks for so much memory.
  api_cpus = local.api_memory_gib <= 8 ? 2 : local.api_memory_gib <= 16 ? 4 : 8

  api_ingress = {
    internal      = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    load_balancer = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    all           = "INGRESS_TRAFFIC_ALL"
  }

  api_environment = merge(
    {
      CONCORD_TARGET               = "prod"
      CONCORD_PROJECT              = var.project
      CONCORD_DATASET              = var.dataset
      CONCORD_LOCATION             = var.location
      CONCORD_DEFAULT_PHONE_REGION = var.default_phone_region
      CONCORD_SERVE_HOST           = "0.0.0.0"
      CONCORD_SERVE_PORT           = "8080"
      CONCORD_SERVE_SNAPSHOTS      = local.snapshot_place
      CONCORD_SERVE_ISSUER         = var.api_issuer
      CONCORD_SERVE_AUDIENCE       = var.api_audience
      # An instance takes its disk with it: a decision is answered when the warehouse has it.
      CONCORD_SERVE_SENDS_FIRST = "true"
    },
    var.api_client_id == "" ? {} : { CONCORD_SERVE_CLIENT_ID = var.api_client_id },
    # Also without pages: addresses for OpenRefine have a key in them, and Cloud Run hands on http.
    var.api_public_url == "" ? {} : { CONCORD_SERVE_PUBLIC_URL = var.api_public_url },
    var.api_environment,
  )
}

resource "google_cloud_run_v2_service" "api" {
  count = local.api

  name                = "concord-api"
  location            = var.region
  labels              = local.labels
  ingress             = local.api_ingress[var.api_ingress]
  deletion_protection = var.deletion_protection

  template {
    service_account       = google_service_account.api[0].email
    labels                = local.labels
    encryption_key        = one(local.keys)
    execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
    # The longest answer waits 10 seconds for the warehouse, twice.
    timeout                          = "60s"
    max_instance_request_concurrency = 40
    # Sign-ins are in the memory of the instance that took them.
    session_affinity = true

    scaling {
      min_instance_count = var.api_min_instances
      max_instance_count = var.api_max_instances
    }

    volumes {
      name = "scratch"

      # With a limit of its own, a snapshot that is too large is refused and the one before goes on
      # answering; without, Cloud Run would end the instance.
      empty_dir {
        medium     = "MEMORY"
        size_limit = "${local.api_disk_gib}Gi"
      }
    }

    containers {
      # It serves without being told to, as Google's sample does, which is there until the first deployment.
      image = var.api_image

      ports {
        container_port = 8080
      }

      resources {
        limits = {
          cpu    = tostring(local.api_cpus)
          memory = "${local.api_memory_gib}Gi"
        }
        # Newer snapshots are looked for, and decisions of others, when nobody asks.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      # Fetching the first snapshot belongs to the start. Cloud Run waits four minutes at most.
      startup_probe {
        period_seconds    = 10
        timeout_seconds   = 5
        failure_threshold = 24

        http_get {
          path = "/readyz"
          port = 8080
        }
      }

      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 10
        failure_threshold = 3

        http_get {
          path = "/livez"
          port = 8080
        }
      }

      volume_mounts {
        name       = "scratch"
        mount_path = "/tmp"
      }

      dynamic "env" {
        for_each = local.api_environment

        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = [for name in ["concord-api-client-secret"] : google_secret_manager_secret.this[name].secret_id if var.has_api_client_secret]

        content {
          name = "CONCORD_SERVE_CLIENT_SECRET"

          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }
    }
  }

  lifecycle {
    # Deployments choose the image.
    ignore_changes = [client, client_version, template[0].containers[0].image]

    precondition {
      condition     = var.api_issuer != "" && var.api_audience != ""
      error_message = "Without api_issuer and api_audience nobody could be told from anybody: the service does not start."
    }

    precondition {
      condition     = var.api_client_id == "" || var.api_public_url != ""
      error_message = "api_client_id needs api_public_url: the issuer sends people back to it."
    }
  }

  # A service that starts before its rights exist would fail.
  depends_on = [
    google_project_iam_member.api_jobs,
    google_bigquery_dataset_iam_member.api_reads,
    google_bigquery_table_iam_member.api_decides,
    google_storage_bucket_iam_member.api_snapshots,
    google_secret_manager_secret_iam_member.api_reads_client_secret,
    google_data_catalog_policy_tag_iam_member.reads,
    google_kms_crypto_key_iam_member.uses_key,
  ]
}

# Who reaches the service at all. What a caller may do there, its own tokens say.
resource "google_cloud_run_v2_service_iam_member" "api_invokers" {
  for_each = var.enable_api ? var.api_invokers : toset([])

  location = google_cloud_run_v2_service.api[0].location
  name     = google_cloud_run_v2_service.api[0].name
  role     = "roles/run.invoker"
  member   = each.value
}
