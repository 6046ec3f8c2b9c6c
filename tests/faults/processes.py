"""Starts `concord` and `dbt` in processes of their own, quickly.

A fork server imports dbt once; every command is a fork of it: a real process, with its own signals
and its own end, without the two seconds of imports. `is_fresh` starts the installed command
instead, where its start and its end are what a test is about.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COMMANDS: Final = Path(sys.executable).parent
PRELOAD: Final = (
    "dbt.cli.main",
    "dbt.adapters.bigquery.impl",
    "google.cloud.bigquery",
    "orchestrator.run.night",
    "orchestrator.run.resume",
)
# What takes this long hangs, on any machine.
LONGEST_SECONDS: Final = 1200.0


class Process(Protocol):
    """What both kinds of processes have."""

    pid: int | None


@dataclass
class Running:
    """A command that runs. Its output goes to a file."""

    process: Any
    output: Path
    started: float

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, if it still runs."""
        if self.is_alive and self.process.pid is not None:
            os.kill(self.process.pid, number)

    @property
    def is_alive(self) -> bool:
        """Say whether it still runs."""
        if isinstance(self.process, subprocess.Popen):
            return self.process.poll() is None
        return bool(self.process.is_alive())

    def wait(self, seconds: float = LONGEST_SECONDS) -> int:
        """Wait for the end and return the exit code; a process that hangs is killed."""
        if isinstance(self.process, subprocess.Popen):
            try:
                return self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                return self.process.wait()
        self.process.join(seconds)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        return int(self.process.exitcode)

    @property
    def text(self) -> str:
        """Return what it has printed so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")


def wait_until(is_so: Callable[[], bool], seconds: float = LONGEST_SECONDS) -> None:
    """Wait for an event. The limit is far beyond any machine: it says that the event never came."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.01)


def start(
    command: tuple[str, ...],
    environment: Mapping[str, str],
    folder: Path,
    output: Path,
    *,
    is_fresh: bool = False,
    largest_file_kib: int | None = None,
) -> Running:
    """Start `concord ...` or `dbt ...` in a folder."""
    output.touch()
    started = time.monotonic()
    if is_fresh:
        limit = _limited(largest_file_kib)
        with output.open("wb") as file:
            process: Any = subprocess.Popen(
                [*limit, str(COMMANDS / command[0]), *command[1:]],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                # A shell starts background jobs with SIGINT ignored; a terminal does not.
                preexec_fn=_hear_interrupts,
            )
        return Running(process, output, started)
    arguments = (command, dict(environment), str(folder), str(output))
    process = _fork_server().Process(target=_be, args=arguments)
    process.start()
    return Running(process, output, started)


def _hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _limited(largest_file_kib: int | None) -> list[str]:
    """Return the words before a command whose files may not grow beyond a size."""
    if largest_file_kib is None:
        return []
    return ["bash", "-c", f'ulimit -f {largest_file_kib}; exec "$@"', "limited"]


@cache
def _fork_server() -> Any:  # noqa: ANN401 - multiprocessing has no public type for it
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOAD))
    return context


def _be(command: tuple[str, ...], environment: dict[str, str], folder: str, output: str) -> None:
    """Become the command: in the new process."""
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(handle, number)
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = list(command)
    if command[0] == "dbt":
        from dbt.cli.main import cli

        cli()
        return
    from orchestrator.cli import main

    main(command[1:])
