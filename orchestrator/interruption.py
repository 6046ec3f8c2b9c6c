"""Turns a signal, or the verdict of the watchdog, into one KeyboardInterrupt in the main thread.

dbt then cancels its queries and writes its results. When that hangs, the interrupt is repeated;
when that hangs too, the process ends: what has finished is on disk, and `concord retry` goes on.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import EXIT_INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Interruption:
    """Ends what the main thread does. Entered on another thread, it hears no signals."""

    def __init__(
        self, grace_seconds: float, end_process: Callable[[int], object] = os._exit
    ) -> None:
        self.reason: str | None = None
        self.exit_code = EXIT_INTERRUPTED
        self._grace_seconds = grace_seconds
        self._end_process = end_process
        self._before: dict[signal.Signals, Any] = {}
        self._is_held_back = False
        self._timer: threading.Timer | None = None
        self._kicks = 0

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            # Shells start background jobs with SIGINT ignored, so it is set as well.
            for number in SIGNALS:
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self._disarm()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def trigger(self, reason: str, exit_code: int = EXIT_INTERRUPTED) -> None:
        """Interrupt the main thread, from any thread. The first reason counts."""
        if self.reason is None:
            self.reason, self.exit_code = reason, exit_code
        main = threading.main_thread().ident
        if main is not None and self._before:
            signal.pthread_kill(main, signal.SIGTERM)

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let the end of a run come to its end: signals are noted, and nothing more."""
        self._disarm()
        self._is_held_back = True
        try:
            yield
        finally:
            self._is_held_back = False

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.reason = self.reason or f"stopped by {signal.Signals(number).name}"
        if self._is_held_back:
            return
        self._arm()
        raise KeyboardInterrupt

    def _arm(self) -> None:
        self._disarm()
        self._timer = threading.Timer(self._grace_seconds, self._kick)
        self._timer.daemon = True
        self._timer.start()

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _kick(self) -> None:
        self._kicks += 1
        if self._kicks > 1:
            self._end_process(self.exit_code)
            return
        self.trigger(self.reason or "")


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Let SIGTERM end dbt as Ctrl-C does, unless somebody listens already."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
