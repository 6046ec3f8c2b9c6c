"""The raw tables that the dbt project declares: their columns, and how fresh they are."""
