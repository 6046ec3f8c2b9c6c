# What is kept from loss and from being read.

variable "alert_secrets" {
  description = "Which of Concord's own alert settings are kept in Secret Manager: addresses, fallback-addresses, pagerduty-key."
  type        = set(string)
  default     = ["addresses"]

  validation {
    condition     = length(setsubtract(var.alert_secrets, ["addresses", "fallback-addresses", "pagerduty-key"])) == 0
    error_message = "Any of addresses, fallback-addresses and pagerduty-key."
  }
}

variable "secret_rotation_days" {
  description = "After how many days somebody is reminded to replace a secret."
  type        = number
  default     = 90

  validation {
    condition     = var.secret_rotation_days >= 1 && floor(var.secret_rotation_days) == var.secret_rotation_days
    error_message = "Whole days, at least one."
  }
}

variable "audit_retention_days" {
  description = "How long is kept who read and changed what."
  type        = number
  default     = 400

  validation {
    condition     = var.audit_retention_days >= 1 && var.audit_retention_days <= 3650
    error_message = "Between a day and ten years, as Cloud Logging allows."
  }
}

variable "audit_locked" {
  description = "Nobody can shorten that time or remove the log any more, owners included. There is no way back."
  type        = bool
  default     = false
}

variable "kms_key_name" {
  description = "Key of Cloud KMS that encrypts everything at rest, as projects/P/locations/L/keyRings/R/cryptoKeys/K; empty for Google's keys."
  type        = string
  default     = ""

  validation {
    # A key serves its own location only, and jobs have none but a region.
    condition = var.kms_key_name == "" ? true : (
      can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key_name))
      && try(split("/", var.kms_key_name)[3], "") == var.region && lower(var.location) == var.region
    )
    error_message = "A key needs location and region to be the same region, and to be in it itself."
  }
}

variable "enable_policy_tags" {
  description = "Make a policy tag for each kind of pii.yml and let the run put it on personal columns: who is not in personal_data_readers may not select these."
  type        = bool
  default     = false
}

variable "personal_data_readers" {
  description = "Who may select tagged columns, as IAM members by the kinds of pii.yml. The accounts of Concord always may."
  type        = map(set(string))
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.personal_data_readers), local.all_personal_kinds)) == 0
    error_message = "The kinds of pii.yml are ${join(", ", local.all_personal_kinds)}."
  }
}

variable "deletion_protection" {
  description = "Refuse to destroy the jobs, the API and the tables of ops."
  type        = bool
  default     = true
}
