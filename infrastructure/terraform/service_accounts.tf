# One account per task, none of them with a key.

resource "google_service_account" "nightly" {
  account_id   = "concord-nightly"
  display_name = "Concord: nightly run"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "backup" {
  account_id   = "concord-backup"
  display_name = "Concord: backup"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "scheduler" {
  account_id   = "concord-scheduler"
  display_name = "Concord: starts the nightly run and the backup, and nothing else"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "ci" {
  account_id   = "concord-ci"
  display_name = "Concord: builds pull requests"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "deploy" {
  account_id   = "concord-deploy"
  display_name = "Concord: deploys"
  depends_on   = [google_project_service.this]
}
