"""Ends a run that takes too long, or of which nothing is heard any more."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from orchestrator.errors import EXIT_TRANSIENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.dbt.events import Pulse
    from orchestrator.interruption import Interruption
    from orchestrator.settings.groups import LimitSettings

INTERVAL_SECONDS: Final = 0.5


class Watchdog:
    """Looks at the clock and at dbt's pulse while it is entered."""

    def __init__(
        self,
        limits: LimitSettings,
        pulse: Pulse,
        interruption: Interruption,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._pulse = pulse
        self._interruption = interruption
        self._clock = clock
        self._started = clock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join(timeout=10)

    @property
    def seconds_left(self) -> float:
        """Return the time until the deadline."""
        return self._started + self._limits.deadline_seconds - self._clock()

    def verdict(self) -> str | None:
        """Say why the run has to end, or None."""
        if self.seconds_left <= 0:
            return f"the run took longer than {self._limits.deadline_seconds:.0f} s"
        if self._clock() - self._pulse.last > self._limits.stall_seconds:
            return f"nothing was heard of dbt for {self._limits.stall_seconds:.0f} s"
        return None

    def rest(self, seconds: float) -> None:
        """Wait for another attempt; that is no silence of dbt."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 1.0))
            self._pulse.beat()

    def _watch(self) -> None:
        while not self._is_over.wait(INTERVAL_SECONDS):
            reason = self.verdict()
            if reason is not None:
                self._interruption.trigger(reason, EXIT_TRANSIENT)
                return
