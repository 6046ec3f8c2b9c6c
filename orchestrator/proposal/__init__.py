"""Which column of a file is which canonical column? `propose` reads from top to bottom."""
