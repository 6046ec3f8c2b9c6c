"""What a build would read, cost and compare."""
