# What comes next, on connectors of its own or on copies of their data: as production, but for the hour and the alerts' address.
project      = "example-concord-staging"
environment  = "staging"
repository   = "example/concord"
alert_emails = ["data@example.com"]

schedule             = "0 1 * * *"
backup_schedule      = "0 10 * * *"
backup_keep_days     = 7
maximum_bytes_billed = 1000000000000
