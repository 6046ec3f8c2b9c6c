"""The lock: one run per target at a time."""
