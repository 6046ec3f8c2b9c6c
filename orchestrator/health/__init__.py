"""What a run needs, checked component by component."""
