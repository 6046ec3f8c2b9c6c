"""Endpoints for alerts on real sockets: answering, silent, endless, closed."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Endpoint:
    """What an endpoint got. `statuses` are its answers in turn; the last one stays."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [202])
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v2/enqueue"


@contextmanager
def answering(*statuses: int) -> Iterator[Endpoint]:
    endpoint = Endpoint(statuses=list(statuses or (202,)))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            endpoint.bodies.append(json.loads(self.rfile.read(length)))
            endpoint.paths.append(self.path)
            several = len(endpoint.statuses) > 1
            self.send_response(endpoint.statuses.pop(0) if several else endpoint.statuses[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent() -> Iterator[Endpoint]:
    """Accept connections and say nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Endpoint(listener.getsockname()[1])


@contextmanager
def trickling() -> Iterator[Endpoint]:
    """Send a byte now and then: no timeout of a socket ends that."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=feed, args=(connection,), daemon=True).start()

        def feed(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\n")
                    while not stop.wait(0.02):
                        connection.sendall(b"X")
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        yield Endpoint(listener.getsockname()[1])
        stop.set()


def closed() -> Endpoint:
    """Return an endpoint on a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return Endpoint(listener.getsockname()[1])
