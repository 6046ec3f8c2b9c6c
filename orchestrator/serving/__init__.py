"""The serving snapshot: what was published, in one file that answers at once."""
