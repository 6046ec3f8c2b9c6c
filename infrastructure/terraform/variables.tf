variable "project" {
  description = "Google Cloud project that holds everything."
  type        = string
}

variable "environment" {
  description = "Name of this environment; a label of every resource. Each is a project of its own."
  type        = string
  default     = "prod"

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "One of dev, staging and prod."
  }
}

variable "image_readers" {
  description = "Who may pull images besides this project: in staging, production's Cloud Run service agent and its account concord-deploy. Both have to exist."
  type        = set(string)
  default     = []
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
  description = "Sources in use; empty for all that dbt_project.yml declares. Connectors own their raw datasets, so those must exist."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.sources, local.declared_sources)) == 0
    error_message = "The sources of dbt_project.yml are ${join(", ", local.declared_sources)}."
  }
}

variable "default_phone_region" {
  description = "ISO 3166 region of phone numbers without a country code."
  type        = string
  default     = "US"
}

variable "image" {
  description = "First image of the jobs; deployments replace it."
  type        = string
  default     = "us-docker.pkg.dev/cloudrun/container/job:latest"
}

variable "schedule" {
  description = "When the nightly run starts, as a cron line. Once a day: the absence alert counts on it."
  type        = string
  default     = "0 3 * * *"
}

variable "backup_schedule" {
  description = "When the backup starts, as a cron line. Away from the nightly run: it saves what that left."
  type        = string
  default     = "0 12 * * *"
}

variable "schedules_paused" {
  description = "Nothing starts by itself, and nobody is told that nothing has succeeded."
  type        = bool
  default     = false
}

variable "backup_keep_days" {
  description = "How long a backup is kept."
  type        = number
  default     = 30
}

variable "time_zone" {
  description = "Time zone of the schedules."
  type        = string
  default     = "Etc/UTC"
}

variable "timeout_seconds" {
  description = "Cloud Run ends a job after this time; Concord gives up five minutes before."
  type        = number
  default     = 10800

  validation {
    # The absence alert waits 26 hours after the last success.
    condition     = var.timeout_seconds >= 900 && var.timeout_seconds <= 86400
    error_message = "Between a quarter of an hour and a day."
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

variable "repository" {
  description = "GitHub repository, as owner/name, whose workflows may act as the CI and deployment accounts."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "The form is owner/name."
  }
}
