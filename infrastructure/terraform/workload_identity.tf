# GitHub's workflows prove who they are with a token of their own; there are no keys to lose.

resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "concord-github"
  display_name              = "Concord: GitHub"
  depends_on                = [google_project_service.this]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  #checkov:skip=CKV_GCP_125:The subject, with its environment, is in the two bindings below; the pool serves both.
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  display_name                       = "GitHub Actions"
  attribute_condition                = "assertion.repository == '${var.repository}'"
  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

# The subject names the environment: what only `production` may do is behind its approval rules. Nobody deploys into `dev` but by hand.
locals {
  deploying = { staging = "staging", prod = "production" }
  subject   = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/subject/repo:${var.repository}:environment"
}

resource "google_service_account_iam_member" "github_is_ci" {
  service_account_id = google_service_account.ci.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "${local.subject}:ci"
}

resource "google_service_account_iam_member" "github_is_deploy" {
  for_each = { for environment, name in local.deploying : name => name if environment == var.environment }

  service_account_id = google_service_account.deploy.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "${local.subject}:${each.value}"
}
