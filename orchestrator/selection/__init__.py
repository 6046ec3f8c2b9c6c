"""What a user selects, and whether there is such a thing."""
