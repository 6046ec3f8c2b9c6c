"""Who may read the files that a command writes."""
