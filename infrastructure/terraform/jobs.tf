# Three jobs from one image: the nightly run, what is left of one that failed, and the backup.

locals {
  jobs = {
    nightly = { args = ["run"], account = google_service_account.nightly.email, writes_snapshots = true }
    # Nobody schedules it: `gcloud run jobs execute concord-retry` goes on with the newest run that
    # did not come to its end. Arguments name another: `--args=retry,RUN_ID`.
    retry  = { args = ["retry"], account = google_service_account.nightly.email, writes_snapshots = true }
    backup = { args = ["backup"], account = google_service_account.backup.email, writes_snapshots = false }
  }

  # The wrapper must be the first to give up: it cancels what runs, writes the log and tells who has
  # to know. Cloud Run gives it ten seconds and ends it.
  deadline_seconds = var.timeout_seconds - 300

  environment = merge(
    {
      CONCORD_TARGET               = "prod"
      CONCORD_PROJECT              = var.project
      CONCORD_DATASET              = var.dataset
      CONCORD_LOCATION             = var.location
      CONCORD_RAW_PREFIX           = var.raw_prefix
      CONCORD_SOURCES              = join(",", sort(local.sources))
      CONCORD_DEFAULT_PHONE_REGION = var.default_phone_region
      CONCORD_THREADS              = tostring(var.threads)
      # `format`, because large numbers would otherwise be written with an exponent.
      CONCORD_MAXIMUM_BYTES_BILLED   = format("%d", var.maximum_bytes_billed)
      CONCORD_LIMIT_DEADLINE_SECONDS = format("%d", local.deadline_seconds)
      # A container keeps nothing: what the next one must find is in buckets.
      CONCORD_LOCK_PLACE       = "gs://${google_storage_bucket.runs.name}/lock"
      CONCORD_RUNLOG_PLACE     = "gs://${google_storage_bucket.runs.name}/runs"
      CONCORD_BACKUP_PLACE     = "gs://${google_storage_bucket.backups.name}/backups"
      CONCORD_BACKUP_KEEP_DAYS = tostring(var.backup_keep_days)
    },
    # The name of the secret, not its value: a secret that cannot be read costs an alert, not the run.
    { for name in var.alert_secrets : "CONCORD_ALERT_${upper(replace(name, "-", "_"))}" => "secret://${google_secret_manager_secret.this["concord-alert-${name}"].secret_id}" },
    var.enable_policy_tags ? { CONCORD_POLICY_TAGS = local.policy_tags } : {},
    var.metrics_endpoint == "" ? {} : {
      CONCORD_METRICS_ENDPOINT    = var.metrics_endpoint
      CONCORD_METRICS_GOOGLE_AUTH = tostring(local.google_metrics)
    },
  )

  # A good run leaves a snapshot for the API.
  snapshot_environment = var.enable_api ? {
    CONCORD_SERVE_SNAPSHOTS = local.snapshot_place
    CONCORD_SERVE_AFTER_RUN = "true"
  } : {}

  job_memory_gib = { for name, job in local.jobs : name => 4 + (job.writes_snapshots ? local.snapshot_job_gib : 0) }

  google_metrics = startswith(var.metrics_endpoint, "https://telemetry.googleapis.com/")
}

resource "google_cloud_run_v2_job" "this" {
  for_each = local.jobs

  name                = "concord-${each.key}"
  location            = var.region
  labels              = local.labels
  deletion_protection = var.deletion_protection

  template {
    task_count  = 1
    parallelism = 1
    labels      = local.labels

    template {
      service_account = each.value.account
      encryption_key  = one(local.keys)
      # Without a value a task is ended after ten minutes.
      timeout = "${var.timeout_seconds}s"
      # The run repeats what is worth repeating; Cloud Run would repeat everything, cost included.
      max_retries = 0

      containers {
        image = var.image
        args  = each.value.args

        resources {
          limits = {
            cpu    = local.job_memory_gib[each.key] <= 8 ? "2" : local.job_memory_gib[each.key] <= 16 ? "4" : "8"
            memory = "${local.job_memory_gib[each.key]}Gi"
          }
        }

        dynamic "env" {
          for_each = merge(local.environment, each.value.writes_snapshots ? local.snapshot_environment : {})

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
    google_bigquery_dataset_iam_member.nightly_candidate,
    google_bigquery_dataset_iam_member.nightly_files,
    google_bigquery_dataset_iam_member.nightly_connectors,
    google_storage_bucket_iam_member.nightly_runs,
    google_storage_bucket_iam_member.nightly_snapshots,
    google_project_iam_member.backup_jobs,
    google_bigquery_dataset_iam_member.backup_reads,
    google_bigquery_dataset_iam_member.backup_writes,
    google_storage_bucket_iam_member.backup_files,
    google_project_iam_member.nightly_tags,
    google_data_catalog_policy_tag_iam_member.reads,
    google_kms_crypto_key_iam_member.uses_key,
  ]
}
