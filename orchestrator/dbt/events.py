"""Takes dbt's events: shows progress, and notes each finished node on disk.

The journal survives a process that is killed. Work is done on a thread of its own: a callback
that raises or waits breaks dbt.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from orchestrator.dbt.artifacts import JOURNAL_FILE
from orchestrator.dbt.node import masked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class NodeStarted:
    """One step of progress: dbt begins node `index` of `total`."""

    description: str
    index: int
    total: int
    seconds: float


class Pulse:
    """When dbt was last heard of, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def beat(self) -> None:
        """Note that dbt has just said something."""
        self.last = time.monotonic()


class EventListener:
    """Receives the events of one invocation."""

    def __init__(
        self, target_path: Path, pulse: Pulse, on_node: Callable[[NodeStarted], None] | None
    ) -> None:
        self._journal = target_path / JOURNAL_FILE
        self._pulse = pulse
        self._on_node = on_node
        self._queue: SimpleQueue[NodeStarted | dict[str, Any] | None] = SimpleQueue()
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._deliver, name="dbt-events", daemon=True)

    def receive(self, event: Any) -> None:  # noqa: ANN401 - dbt's event classes are generated
        """Note the start and the end of a node; of other events only that there was one."""
        self._pulse.beat()
        if event.info.name == "LogStartLine":
            data = event.data
            seconds = time.monotonic() - self._started
            self._queue.put(NodeStarted(data.description, data.index, data.total, seconds))
        elif event.info.name == "NodeFinished":
            self._queue.put(_journal_entry(event.data))

    def __enter__(self) -> EventListener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _deliver(self) -> None:
        while (step := self._queue.get()) is not None:
            # A display or a disk that fails must not stop the queue from being emptied.
            with suppress(Exception):
                if isinstance(step, dict):
                    self._write(step)
                elif self._on_node is not None:
                    self._on_node(step)

    def _write(self, entry: dict[str, Any]) -> None:
        with self._journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(entry) + "\n")


def _journal_entry(data: Any) -> dict[str, Any]:  # noqa: ANN401 - a generated class
    """Put a finished node into the shape of an entry of run_results.json."""
    from google.protobuf.json_format import MessageToDict

    result = data.run_result
    entry = {
        "unique_id": data.node_info.unique_id,
        "status": result.status,
        "execution_time": result.execution_time,
        "message": result.message,
        "failures": result.num_failures,
        "relation_name": data.node_info.node_relation.relation_name or None,
        "adapter_response": MessageToDict(result.adapter_response),
    }
    # Masked from the first: a process that is killed masks nothing any more.
    return masked(entry)
