variable "project" {
  description = "Google Cloud project that holds everything."
  type        = string
}

variable "environment" {
  description = "Name of this environment; a label of every resource."
  type        = string
  default     = "prod"
}

variable "region" {
  description = "Region of the nightly job, its image and its schedule."
  type        = string
  default     = "us-central1"
}

variable "location" {
  description = "BigQuery location of all datasets, the raw ones included."
  type        = string
  default     = "US"
}

variable "dataset" {
  description = "Prefix of the datasets, the value of CONCORD_DATASET."
  type        = string
  default     = "concord"

  validation {
    condition     = can(regex("^[A-Za-z0-9_]+$", var.dataset)) && !startswith(var.dataset, "concord_ci_")
    error_message = "Only letters, digits and underscores; the prefix concord_ci_ belongs to pull requests."
  }
}

variable "raw_prefix" {
  description = "Prefix of the raw datasets, the value of CONCORD_RAW_PREFIX."
  type        = string
  default     = ""
}

variable "sources" {
  description = "Sources in use, the value of CONCORD_SOURCES. Connectors own their raw datasets, so those must exist."
  type        = set(string)
  default     = ["salesforce", "hubspot", "gmail", "dialpad", "files"]

  validation {
    condition     = length(var.sources) > 0 && length(setsubtract(var.sources, ["salesforce", "hubspot", "gmail", "dialpad", "files"])) == 0
    error_message = "Known sources are salesforce, hubspot, gmail, dialpad and files."
  }
}

variable "default_phone_region" {
  description = "ISO 3166 region of phone numbers without a country code."
  type        = string
  default     = "US"
}

variable "image" {
  description = "First image of the nightly job; deployments replace it."
  type        = string
  default     = "us-docker.pkg.dev/cloudrun/container/job:latest"
}

variable "schedule" {
  description = "When the nightly run starts, as a cron line. Once a day: the absence alert counts on it."
  type        = string
  default     = "0 3 * * *"
}

variable "time_zone" {
  description = "Time zone of the schedule."
  type        = string
  default     = "Etc/UTC"
}

variable "timeout_seconds" {
  description = "Longest a nightly run may take."
  type        = number
  default     = 10800

  validation {
    # The absence alert waits 26 hours after the last success.
    condition     = var.timeout_seconds >= 600 && var.timeout_seconds <= 86400
    error_message = "Between ten minutes and a day."
  }
}

variable "threads" {
  description = "How many models are built at once."
  type        = number
  default     = 8
}

variable "maximum_bytes_billed" {
  description = "No single query of the nightly run may bill more than this."
  type        = number
  default     = 1000000000000
}

variable "alert_emails" {
  description = "Who is told that a nightly run failed or did not happen."
  type        = set(string)
}

variable "repository" {
  description = "GitHub repository, as owner/name, whose workflows may act as the CI and deployment accounts."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "The form is owner/name."
  }
}

variable "deletion_protection" {
  description = "Refuse to destroy the nightly job."
  type        = bool
  default     = true
}
