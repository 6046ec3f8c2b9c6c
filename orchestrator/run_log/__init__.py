"""What is known of runs: records, files, tables, history."""
