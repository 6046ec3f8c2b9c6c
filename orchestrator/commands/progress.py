"""How the steps of a command look in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.status import Status


class TerminalReporter:
    """A spinner with the current detail on a terminal, one line a step in a log file."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._status: Status | None = None
        self._name = ""

    def begin(self, name: str) -> None:
        """Start the spinner."""
        self._name = name
        if self._console.is_terminal:
            self._status = self._console.status(name)
            self._status.start()

    def update(self, detail: str) -> None:
        """Show the detail beside the spinner."""
        if self._status is not None:
            self._status.update(f"{self._name}: {detail}")

    def end(self, name: str, seconds: float) -> None:
        """Replace the spinner by a line."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        self._console.print(f"{name:<10} {seconds:7.1f} s")
