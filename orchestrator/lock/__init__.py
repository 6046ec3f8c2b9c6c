"""The lock: one run a target at a time."""
