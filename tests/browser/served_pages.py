"""The pages on a real server: a thread, a port of this machine, and links that let in."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from orchestrator.api.start import make_server, open_service
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.serve import ServeSettings
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import PublishedSample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.api.callers import LocalKey
    from orchestrator.api.outbox import OnItsWay
    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection

STARTS_WITHIN: Final = 60.0


@dataclass(frozen=True)
class ServedPages:
    """A service that answers."""

    service: Service
    address: str

    def link(self) -> str:
        """Return a link that lets somebody in, once."""
        ticket = self.service.sessions.ticket(cast("LocalKey", self.service.tokens).owner)
        return f"{self.address}/login?ticket={ticket}"

    def decided(self) -> list[OnItsWay]:
        """Return what was decided, the newest first."""
        return self.service.outbox.all()


@contextmanager
def served(service: Service) -> Iterator[ServedPages]:
    """Let a service answer on a port that is free."""
    server = make_server(service)
    thread = threading.Thread(target=server.run, name="pages", daemon=True)
    thread.start()
    deadline = time.monotonic() + STARTS_WITHIN
    while not server.started:
        assert thread.is_alive(), "the server has ended"
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield ServedPages(service, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(STARTS_WITHIN)


def publish(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Write a snapshot of rows."""
    sample = PublishedSample(_settings(folder), rows)
    build_snapshot(cast("Connection", sample), "r1", StepClock())


def service_over(folder: Path) -> Service:
    """Return a service over a snapshot; without a warehouse, decisions stay in the outbox."""
    service = open_service(_settings(folder))
    service.outbox._connect = _nothing
    return service


def _settings(folder: Path) -> Settings:
    return Settings(state_folder=folder, serve=ServeSettings(port=0))


def _nothing() -> Connection:
    raise ConnectionError("there is no warehouse")
