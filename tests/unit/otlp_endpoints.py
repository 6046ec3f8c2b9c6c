"""Endpoints that take metrics, and some that do not."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

from orchestrator.settings.groups import MetricsSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.settings.values import Settings


@contextmanager
def server(status: int, received: list[bytes] | None = None) -> Iterator[str]:
    """Answer with a status, and keep what comes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if received is not None:
                received.append(body)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/v1/metrics"
    finally:
        listening.shutdown()
        listening.server_close()


@contextmanager
def silent_listener() -> Iterator[str]:
    """Take connections and say nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1/metrics"


@contextmanager
def closed_port() -> Iterator[str]:
    """Name a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    yield f"http://127.0.0.1:{port}/v1/metrics"


def with_endpoint(settings: Settings, endpoint: str, **values: Any) -> Settings:  # noqa: ANN401
    """Return settings that send there."""
    return settings.with_changes(
        metrics=MetricsSettings(endpoint=endpoint, **{"timeout_seconds": 120.0} | values)
    )
