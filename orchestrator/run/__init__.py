"""A run from request to outcome; `night` tells it from top to bottom."""
