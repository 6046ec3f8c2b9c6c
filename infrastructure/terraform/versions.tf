terraform {
  required_version = ">= 1.9"

  # The bucket exists before everything else: `terraform init -backend-config=environments/prod.gcs.tfbackend`.
  backend "gcs" {}

  required_providers {
    google = {
      source = "hashicorp/google"
      # What is checked (docs/develop/verification.md). A major version renames arguments: it comes with a change of these files.
      version = "~> 6.50"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}

# The API of budgets asks in which project a person calls it; all others do without.
provider "google" {
  alias                 = "budgets"
  project               = var.project
  billing_project       = var.project
  user_project_override = true
}
