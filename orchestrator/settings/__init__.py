"""What can be set: the environment, secrets, and the list of all settings."""
