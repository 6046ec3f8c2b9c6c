"""Which column of a file is which canonical column, and files read through that."""
