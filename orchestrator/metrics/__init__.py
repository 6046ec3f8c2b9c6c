"""The figures of a run that monitoring gets."""
