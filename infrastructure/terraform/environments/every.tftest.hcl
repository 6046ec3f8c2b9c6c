# Each environment by its own values: `terraform test -test-directory=environments -var-file=environments/prod.tfvars`.
mock_provider "google" {}

mock_provider "google" {
  alias = "budgets"
}

run "environment" {
  assert {
    condition     = google_bigquery_dataset.backup.labels.environment == var.environment
    error_message = "Every resource carries the name of its environment."
  }

  assert {
    condition     = var.environment == "prod" ? var.deletion_protection && !var.schedules_paused : true
    error_message = "Production is protected, and runs."
  }

  assert {
    condition     = length(google_monitoring_notification_channel.email) > 0
    error_message = "Somebody must be told."
  }
}
