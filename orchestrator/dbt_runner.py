"""Runs dbt inside this process. The only module that imports dbt.

Concurrent invocations share state inside dbt: run one at a time.
"""

from __future__ import annotations

import gc
import shutil
import signal
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from orchestrator.artifacts import RunResults, read_freshness, read_run_results
from orchestrator.parse_cache import ParseCache
from orchestrator.settings import Settings, exported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

KEPT_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class NodeStarted:
    """One step of progress: dbt begins node `index` of `total`."""

    description: str
    index: int
    total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DbtResult:
    """What one invocation of dbt came to."""

    command: tuple[str, ...]
    is_success: bool
    is_interrupted: bool
    problem: str
    target_path: Path
    results: RunResults | None
    seconds: float


class DbtRunner:
    """Runs dbt commands with the given settings, each with a target path of its own."""

    def __init__(
        self,
        settings: Settings,
        attempts_dir: Path | None = None,
        on_node: Callable[[NodeStarted], None] | None = None,
    ) -> None:
        self._settings = settings
        self._attempts_dir = attempts_dir or settings.state_dir / "dbt"
        self._on_node = on_node
        self._parse_cache = ParseCache(settings)

    def invoke(self, *arguments: str) -> DbtResult:
        """Run one dbt command and return its result; no failure of dbt raises."""
        from dbt.cli.main import dbtRunner

        target_path = self._new_target_path()
        command = (*arguments, *self._common_options(target_path))
        started = time.monotonic()
        with (
            exported(self._settings.environment()),
            _sigterm_as_interrupt(),
            _Progress(self._on_node) as progress,
        ):
            outcome = dbtRunner(callbacks=[progress.receive]).invoke(list(command))
        self._parse_cache.keep(target_path)
        exception = outcome.exception
        is_freshness = arguments[:2] == ("source", "freshness")
        return DbtResult(
            command=tuple(arguments),
            is_success=bool(outcome.success),
            is_interrupted=isinstance(exception, KeyboardInterrupt),
            problem=str(exception).strip() if exception else "",
            target_path=target_path,
            results=(read_freshness if is_freshness else read_run_results)(target_path),
            seconds=time.monotonic() - started,
        )

    def _common_options(self, target_path: Path) -> tuple[str, ...]:
        folder = str(self._settings.project_dir)
        return (
            *("--project-dir", folder),
            *("--profiles-dir", folder),
            *("--target", self._settings.target),
            *("--target-path", str(target_path)),
            *("--log-path", str(target_path)),
            *("--log-level", "none"),
            *("--log-level-file", "info"),
            *self._parse_cache.options(),
        )

    def _new_target_path(self) -> Path:
        # Usage and parse errors leave old results in place, so each attempt gets a new folder.
        self._attempts_dir.mkdir(parents=True, exist_ok=True)
        self._remove_old_attempts()
        # Named by time, so that the names sort by age.
        folder = self._attempts_dir / datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        folder.mkdir()
        return folder

    def _remove_old_attempts(self) -> None:
        folders = sorted(entry for entry in self._attempts_dir.iterdir() if entry.is_dir())
        for folder in folders[: -KEPT_ATTEMPTS + 1]:
            shutil.rmtree(folder, ignore_errors=True)


class _Progress:
    """Hands dbt's events to a listener on a thread: a callback that raises or waits breaks dbt."""

    def __init__(self, on_node: Callable[[NodeStarted], None] | None) -> None:
        self._on_node = on_node
        self._queue: SimpleQueue[NodeStarted | None] = SimpleQueue()
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._deliver, daemon=True)

    def receive(self, event: Any) -> None:  # noqa: ANN401 - dbt's event classes are generated
        """Note the start of a node; everything else is ignored."""
        if self._on_node is None or event.info.name != "LogStartLine":
            return
        data = event.data
        seconds = time.monotonic() - self._started
        self._queue.put(NodeStarted(data.description, data.index, data.total, seconds))

    def __enter__(self) -> _Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _deliver(self) -> None:
        while (step := self._queue.get()) is not None:
            # A display that fails must not stop the queue from being emptied.
            with suppress(Exception):
                if self._on_node is not None:
                    self._on_node(step)


def load_dbt() -> None:
    """Import dbt ahead of its first use: that takes seconds."""
    gc.disable()
    try:
        import dbt.adapters.bigquery
        import dbt.cli.main  # noqa: F401
    finally:
        # What was imported stays: the collector need not look at it again and again.
        gc.freeze()
        gc.enable()


@contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """Let SIGTERM end dbt as Ctrl-C does: it then cancels its queries and writes its results."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def failed_nodes_text(result: DbtResult, limit: int = 10) -> str:
    """Say in a few lines why an invocation failed."""
    failed: Sequence[Any] = result.results.failed if result.results else ()
    if not failed:
        return result.problem or "dbt gave no reason"
    lines = [f"{node.name}: {' '.join(node.message.split())[:400]}" for node in failed[:limit]]
    if len(failed) > limit:
        lines.append(f"and {len(failed) - limit} more")
    return "\n".join(lines)
