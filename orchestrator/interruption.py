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
    from collections.abc import Iterator
    from types import FrameType

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Interruption:
    """Ends what the main thread does. Entered on another thread, it hears no signals.

    Signals are delivered inside `delivered()` alone; before and after they are noted. What a run
    takes is so given back, and a run that has come to its end reports its own result. `is_last`
    says that the command only tells that result afterwards: then they stay held back.
    """

    def __init__(self, grace_seconds: float, *, is_last: bool = False) -> None:
        self.reason: str | None = None
        self.exit_code = EXIT_INTERRUPTED
        self._grace_seconds = grace_seconds
        self._is_last = is_last
        self._before: dict[signal.Signals, Any] = {}
        self._is_open = False
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
        if self._is_last and COMMAND.is_listening:
            COMMAND.ignore()
            return
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
    def delivered(self) -> Iterator[None]:
        """Let signals interrupt what is inside, also one that came before it."""
        with self._set_open(is_open=True):
            yield

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let what is inside come to its end; a signal that came meanwhile follows then."""
        with self._set_open(is_open=False):
            yield
        self._deliver()

    @contextmanager
    def _set_open(self, *, is_open: bool) -> Iterator[None]:
        before, self._is_open = self._is_open, is_open
        try:
            self._deliver()
            yield
        finally:
            self._is_open = before
            if not before:
                self._disarm()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.reason = self.reason or f"stopped by {signal.Signals(number).name}"
        self._deliver()

    def _deliver(self) -> None:
        if self._is_open and self.reason is not None:
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
            os._exit(self.exit_code)
        self.trigger(self.reason or "")


class CommandSignals:
    """What signals do to a command that has no handling of its own.

    SIGTERM ends it as Ctrl-C does: by an exception, so that temporary folders, private warehouses
    and locks are cleaned up. Further ones do not cut that clean-up short; Ctrl-C does.
    """

    def __init__(self) -> None:
        self.is_listening = False
        self._is_ending = False

    def listen(self) -> None:
        """Take the signals of this process; one that whoever started it ignores stays ignored."""
        self.is_listening = True
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def ignore(self) -> None:
        """Let nothing change any more what the process reports."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._is_ending and number == signal.SIGTERM:
            return
        self._is_ending = True
        raise KeyboardInterrupt


# Of this process: `concord` listens, who uses its modules does not.
COMMAND: Final = CommandSignals()


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Let what is inside come to its end: signals that come meanwhile are too late."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: None) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
