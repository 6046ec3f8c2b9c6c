variable "project" {
  description = "Google Cloud project that holds everything."
  type        = string
}

variable "environment" {
  description = "Name of this environment; a label of every resource."
  type        = string
  default     = "prod"
}

variable "github_environment" {
  description = "Environment of GitHub that deploys into this project: production, or staging."
  type        = string
  default     = "production"

  validation {
    condition     = contains(["production", "staging"], var.github_environment)
    error_message = "production or staging: what pull requests use is always ci."
  }
}

variable "image_readers" {
  description = "Who may pull images besides this project: in staging, production's Cloud Run service agent."
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

variable "backup_keep_days" {
  description = "How long a backup is kept."
  type        = number
  default     = 30
}

variable "has_alert_address" {
  description = "Make a secret for the address of Concord's own alerts, which says what failed and when it is over."
  type        = bool
  default     = true
}

variable "metrics_endpoint" {
  description = "Where metrics go, by OTLP over HTTP; empty for nowhere. Google's is https://telemetry.googleapis.com/v1/metrics."
  type        = string
  default     = ""
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
  description = "Refuse to destroy the jobs."
  type        = bool
  default     = true
}

variable "enable_api" {
  description = "Make the API and its pages, a bucket for snapshots, and let each good run write one. After the first run: it makes the table of decisions."
  type        = bool
  default     = false
}

variable "api_image" {
  description = "First image of the API; deployments replace it."
  type        = string
  default     = "us-docker.pkg.dev/cloudrun/container/hello:latest"
}

variable "api_issuer" {
  description = "OpenID issuer whose tokens the API takes, the value of CONCORD_SERVE_ISSUER."
  type        = string
  default     = ""
}

variable "api_audience" {
  description = "What those tokens must be meant for, the value of CONCORD_SERVE_AUDIENCE."
  type        = string
  default     = ""
}

variable "api_client_id" {
  description = "Client of the pages at the issuer; empty for the API alone."
  type        = string
  default     = ""
}

variable "api_client_secret" {
  description = "Secret in Secret Manager, by its name, with that client's secret. It exists before, with a version; empty for none."
  type        = string
  default     = ""
}

variable "api_public_url" {
  description = "Address at which browsers find the pages, and OpenRefine the API."
  type        = string
  default     = ""
}

variable "api_environment" {
  description = "Further settings of the API, by their names in docs/operate/settings.md."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.api_environment) : startswith(name, "CONCORD_")])
    error_message = "The names of settings begin with CONCORD_."
  }
}

variable "api_ingress" {
  description = "Where the API can be reached from: internal, load_balancer or all."
  type        = string
  default     = "internal"

  validation {
    condition     = contains(["internal", "load_balancer", "all"], var.api_ingress)
    error_message = "One of internal, load_balancer and all."
  }
}

variable "api_invokers" {
  description = "Who may call the API, as IAM members. Browsers carry no token of Google's: for pages it is allUsers, and the API itself asks who it is."
  type        = set(string)
  default     = []
}

variable "api_min_instances" {
  description = "Instances that are always there; each fetches the snapshot when it starts."
  type        = number
  default     = 1
}

variable "api_max_instances" {
  description = "With more than one, limits count for each, and who signed in at one that has gone signs in again."
  type        = number
  default     = 1

  validation {
    condition     = var.api_max_instances >= max(1, var.api_min_instances)
    error_message = "At least one, and at least api_min_instances."
  }
}

variable "api_snapshot_gib" {
  description = "Size that a snapshot may grow to, in GiB; 4.5 GB for a million records. Memory of the API and of the run is computed from it."
  type        = number
  default     = 1

  validation {
    # Three of them, and 1 GiB, are at most the 32 GiB of Cloud Run.
    condition     = var.api_snapshot_gib > 0 && var.api_snapshot_gib <= 10
    error_message = "More than 0, at most 10."
  }
}

variable "api_slow_milliseconds" {
  description = "The API is slow when 5 of 100 answers take longer."
  type        = number
  default     = 1000
}
