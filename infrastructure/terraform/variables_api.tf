# The API and its pages: with `enable_api`.

variable "enable_api" {
  description = "Make the API and its pages, a bucket for snapshots, and let each good run write one."
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

variable "has_api_client_secret" {
  description = "Make a secret for that client's secret, also before enable_api. The service does not start before it has a version."
  type        = bool
  default     = false
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
