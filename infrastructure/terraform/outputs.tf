output "repository_variables" {
  description = "Variables to set in the GitHub repository: Settings, Secrets and variables, Actions, Variables."
  value = {
    CONCORD_PROJECT                = var.project
    CONCORD_LOCATION               = var.location
    CONCORD_REGION                 = var.region
    CONCORD_DATASET                = var.dataset
    CONCORD_RAW_PREFIX             = var.raw_prefix
    CONCORD_DEFAULT_PHONE_REGION   = var.default_phone_region
    CONCORD_SOURCES                = join(",", sort(local.sources))
    CONCORD_STATE_BUCKET           = google_storage_bucket.state.name
    CONCORD_IDENTITY_PROVIDER      = google_iam_workload_identity_pool_provider.github.name
    CONCORD_CI_SERVICE_ACCOUNT     = google_service_account.ci.email
    CONCORD_DEPLOY_SERVICE_ACCOUNT = google_service_account.deploy.email
    CONCORD_DEPLOY_API             = var.enable_api ? "true" : ""
    CONCORD_POLICY_TAGS            = local.policy_tags
  }
}

output "datasets" {
  description = "Datasets by layer."
  value       = { for layer, dataset in google_bigquery_dataset.layer : layer => dataset.dataset_id }
}

output "api_url" {
  description = "Address of the API; null without one."
  value       = one(google_cloud_run_v2_service.api[*].uri)
}

output "policy_tags" {
  description = "Value of CONCORD_POLICY_TAGS for runs outside these jobs; empty without enable_policy_tags."
  value       = local.policy_tags
}
