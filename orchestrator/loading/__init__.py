"""Getting files into the raw tables."""
