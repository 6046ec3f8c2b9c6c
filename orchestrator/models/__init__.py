"""Which version of the matching model is used, and how it differs from another one."""
