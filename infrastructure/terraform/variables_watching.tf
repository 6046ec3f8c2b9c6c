# What somebody is told of.

variable "alert_emails" {
  description = "Who is told that a nightly run failed or did not happen."
  type        = set(string)

  validation {
    condition     = length(var.alert_emails) > 0
    error_message = "At least one address: alerts and the budget would tell nobody."
  }
}

variable "slow_run_seconds" {
  description = "A run is slow that takes longer; null for two thirds of timeout_seconds."
  type        = number
  default     = null

  validation {
    condition     = var.slow_run_seconds == null ? true : var.slow_run_seconds > 0 && var.slow_run_seconds < var.timeout_seconds - 300
    error_message = "Less than timeout_seconds without its five minutes: no run takes longer than that."
  }
}

variable "daily_bytes_billed" {
  description = "Somebody is told when the runs of a day bill more; null for maximum_bytes_billed, the limit of one query."
  type        = number
  default     = null
}

variable "failed_share" {
  description = "Somebody is told when more than this share of a day's nodes failed or had to start again."
  type        = number
  default     = 0.02

  validation {
    condition     = var.failed_share > 0 && var.failed_share < 1
    error_message = "Between 0 and 1."
  }
}

variable "billing_account" {
  description = "Billing account of the project, for a budget; empty for none. Whoever applies may change its budgets."
  type        = string
  default     = ""
}

variable "monthly_budget" {
  description = "What a month of the project should cost at most, in whole units of the billing account's currency."
  type        = number
  default     = 500

  validation {
    condition     = var.monthly_budget >= 1 && floor(var.monthly_budget) == var.monthly_budget
    error_message = "A whole number, at least 1."
  }
}

variable "metrics_endpoint" {
  description = "Where metrics go, by OTLP over HTTP; empty for nowhere. Google's is https://telemetry.googleapis.com/v1/metrics."
  type        = string
  default     = ""
}

variable "api_slow_milliseconds" {
  description = "The API is slow when 5 of 100 answers take longer."
  type        = number
  default     = 1000
}
