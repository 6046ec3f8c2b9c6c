"""How the steps of a command look in the terminal."""

from __future__ import annotations

import sys
import threading
import time
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from orchestrator.logs import configure_logs, end_logs, get_logger, is_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import TaskID

    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepReporter

PROGRESS_SECONDS: Final = 60.0
# Of a log file that somebody looks at while it grows.
HEARTBEAT_SECONDS: Final = 30.0


def has_log_lines(settings: Settings) -> bool:
    """Say whether what is written is for a machine."""
    return is_json(settings, is_terminal=sys.stderr.isatty())


def start_reporter(settings: Settings, *, as_json: bool = False) -> StepReporter:
    """Set the log lines up, and return what fits them: for people, or for a machine.

    With `--json` the standard output holds nothing else: the lines go to standard error.
    """
    is_terminal = sys.stderr.isatty()
    if (command := click.get_current_context(silent=True)) is not None:
        command.call_on_close(end_logs)
    if has_log_lines(settings):
        stream = sys.stderr if as_json else sys.stdout
        configure_logs(settings, stream, is_terminal=False)
        return LogReporter()
    configure_logs(settings, sys.stderr, is_terminal=is_terminal)
    return TerminalReporter()


class _Heartbeat:
    """Calls something from time to time, on a thread of its own, until it is stopped."""

    def __init__(self, seconds: float, tick: Callable[[], None]) -> None:
        self._seconds = seconds
        self._tick = tick
        self._is_over = threading.Event()

    def start(self) -> None:
        """Begin; lines of the log carry there what they carry here."""
        self._is_over = threading.Event()
        work = partial(copy_context().run, self._beat, self._is_over)
        threading.Thread(target=work, name="heartbeat", daemon=True).start()

    def stop(self) -> None:
        """Let no further call begin."""
        self._is_over.set()

    def _beat(self, is_over: threading.Event) -> None:
        while not is_over.wait(self._seconds):
            self._tick()


class TerminalReporter:
    """A bar with the time left and the current detail on a terminal; in a log file a line per step.

    A step that is long says there how far it is, from time to time.
    """

    def __init__(self, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._name = self._detail = ""
        self._began = 0.0
        self._heartbeat = _Heartbeat(heartbeat_seconds, self._say)

    def begin(self, name: str) -> None:
        """Start the bar; it moves where the step says how much is done."""
        self._name, self._detail = name, ""
        if self._console.is_terminal:
            self._progress = Progress(
                SpinnerColumn(),
                TextColumn("{task.fields[step]:<10}", markup=False),
                BarColumn(bar_width=20),
                TimeRemainingColumn(compact=True),
                TextColumn("{task.description}", markup=False),
                console=self._console,
                transient=True,
            )
            self._task = self._progress.add_task("", total=None, step=name)
            self._progress.start()
            return
        self._began = time.monotonic()
        self._heartbeat.start()

    def update(self, detail: str, share: float | None = None) -> None:
        """Show the detail beside the bar, or with the next heartbeat."""
        self._detail = detail
        if self._progress is not None and self._task is not None:
            total = None if share is None else 1.0
            self._progress.update(self._task, description=detail, total=total, completed=share)

    def end(self, name: str, seconds: float) -> None:
        """Replace the bar by a line."""
        self._heartbeat.stop()
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        self._console.print(f"{name:<10} {seconds:7.1f} s", markup=False)

    def _say(self) -> None:
        seconds = time.monotonic() - self._began
        line = f"{self._name:<10} {seconds:7.1f} s ... {self._detail}"
        self._console.print(line.rstrip(), soft_wrap=True, markup=False)


class LogReporter:
    """One log line per step; the progress in between once a minute, also of a single long node."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        heartbeat_seconds: float = PROGRESS_SECONDS,
    ) -> None:
        self._clock = clock
        self._next_line = 0.0
        self._name = self._detail = ""
        self._heartbeat = _Heartbeat(heartbeat_seconds, self._say)

    def begin(self, name: str) -> None:
        """Log that a step begins."""
        self._name, self._detail = name, ""
        self._next_line = self._clock() + PROGRESS_SECONDS
        get_logger().info("step begins", step=name)
        self._heartbeat.start()

    def update(self, detail: str, share: float | None = None) -> None:  # noqa: ARG002
        """Log the detail: for everybody once a minute, else for those who look for errors."""
        self._detail = detail
        now = self._clock()
        if now < self._next_line:
            get_logger().debug("step continues", step=self._name, detail=detail)
            return
        self._next_line = now + PROGRESS_SECONDS
        get_logger().info("step continues", step=self._name, detail=detail)

    def end(self, name: str, seconds: float) -> None:
        """Log that a step is over."""
        self._heartbeat.stop()
        get_logger().info("step ends", step=name, seconds=round(seconds, 1))

    def _say(self) -> None:
        get_logger().info("step continues", step=self._name, detail=self._detail)
