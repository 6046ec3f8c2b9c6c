"""Copies of what cannot be computed again, and the way back."""
