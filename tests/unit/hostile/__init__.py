"""Files, options and mappings that nobody should send, made by a script."""
