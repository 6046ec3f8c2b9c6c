project      = "example-concord-prod"
environment  = "prod"
repository   = "example/concord"
alert_emails = ["data@example.com"]

schedule             = "0 3 * * *"
backup_schedule      = "0 12 * * *"
backup_keep_days     = 30
maximum_bytes_billed = 1000000000000
audit_retention_days = 400
