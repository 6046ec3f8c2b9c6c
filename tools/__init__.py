"""Tools for developers only: nothing here is in the wheel or in the image."""
