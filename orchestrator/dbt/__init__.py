"""Runs dbt, and says what its failures mean and which nodes are worth another attempt."""
