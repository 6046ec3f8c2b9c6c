terraform {
  required_version = ">= 1.9"

  # The bucket is given at `terraform init`: it exists before everything else.
  backend "gcs" {
    prefix = "concord"
  }

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8.0"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}
