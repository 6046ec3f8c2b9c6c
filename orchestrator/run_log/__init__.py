"""What is known of runs: records, tables, history, and what is left of one that was killed."""
