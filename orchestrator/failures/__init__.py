"""What a failure is, from its words: whether it passes, and how it is told."""
