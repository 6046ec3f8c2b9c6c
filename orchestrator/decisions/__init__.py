"""How does what a person knows get in? Decisions: read, checked, followed to their end, kept."""
