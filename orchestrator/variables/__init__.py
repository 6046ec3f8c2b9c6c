"""Which environment variables there are, and which of those that are set mean nothing."""
