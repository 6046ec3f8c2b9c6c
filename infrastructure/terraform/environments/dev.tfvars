# To try changes of Terraform and of Concord by hand: small, nothing starts by itself, and it can be destroyed.
project      = "example-concord-dev"
environment  = "dev"
repository   = "example/concord"
alert_emails = ["data@example.com"]

schedules_paused     = true
deletion_protection  = false
backup_keep_days     = 7
threads              = 4
maximum_bytes_billed = 100000000000
