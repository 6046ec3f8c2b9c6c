"""The lock as publishing sees it."""

from __future__ import annotations

from orchestrator.errors import LockLost


class Fence:
    """A lock that is lost at the question of that number, and notes what it was asked."""

    def __init__(self, lost_at: int = 0) -> None:
        self.asked: list[str] = []
        self._lost_at = lost_at

    def confirm(self) -> None:
        """Answer what is asked before each round of copies."""
        self._ask("confirm")

    def require(self) -> None:
        """Answer what is asked before each copy."""
        self._ask("require")

    def _ask(self, question: str) -> None:
        self.asked.append(question)
        if len(self.asked) == self._lost_at:
            raise LockLost("run a lost its lock: run b took it over", "wait")
