"""What stands before a write that only the holder of the lock may do."""

from __future__ import annotations

from typing import Protocol


class Fence(Protocol):
    """The lock as the writers of tables see it."""

    def confirm(self) -> None:
        """Ask where the lock lies whether this run still holds it; raise when it does not."""

    def require(self) -> None:
        """Raise when the lease has ended. It asks nobody and takes no time."""
