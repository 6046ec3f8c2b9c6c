"""What can go wrong with the local warehouse, in words for the user."""

from __future__ import annotations


class WarehouseError(Exception):
    """The local warehouse cannot be started, reached or stopped; the text says what to do."""
