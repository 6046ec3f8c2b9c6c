"""Reports how far a command is; the commands decide how that looks."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.dbt.events import NodeStarted


class StepReporter(Protocol):
    """What a command shows while it works."""

    def begin(self, name: str) -> None:
        """Show that a step begins."""

    def update(self, detail: str, share: float | None = None) -> None:
        """Show how far the step is; `share` is done of it, where that is known."""

    def end(self, name: str, seconds: float) -> None:
        """Show that the step is over."""


class Silent:
    """A reporter that shows nothing."""

    def begin(self, name: str) -> None:
        """Show nothing."""

    def update(self, detail: str, share: float | None = None) -> None:
        """Show nothing."""

    def end(self, name: str, seconds: float) -> None:
        """Show nothing."""


class StepClock:
    """Times the steps of a command and passes their progress on."""

    def __init__(self, reporter: StepReporter | None = None, *, part: str = "") -> None:
        """Show the steps to a reporter; `part` says what they are steps of."""
        self._reporter = reporter or Silent()
        self._before = f"{part}: " if part else ""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        shown = f"{self._before}{name}"
        self._reporter.begin(shown)
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = time.monotonic() - started
            self._reporter.end(shown, self.seconds[name])

    def of_part(self, part: str) -> StepClock:
        """Return a clock of its own for a part of the command that has steps too."""
        return StepClock(self._reporter, part=part)

    def update(self, detail: str) -> None:
        """Pass a detail of the running step on."""
        self._reporter.update(detail)

    def on_node(self, node: NodeStarted) -> None:
        """Pass dbt's progress on."""
        done = (node.index - 1) / node.total
        self._reporter.update(f"{node.index} of {node.total}: {node.description}", done)
