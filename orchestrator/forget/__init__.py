"""Removes a person from the warehouse: who it is, where the data lie, what is left."""
