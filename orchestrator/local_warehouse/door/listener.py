"""The port is taken once and kept: no other process can get it between a look and the start.

Stock: the server binds the port by itself, and ends without a word when that fails.
"""

from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import uvicorn
from bqemulator import server

if TYPE_CHECKING:
    from collections.abc import Iterable

BACKLOG: Final = 2048


def listen(host: str, ports: Iterable[int]) -> socket.socket:
    """Return a socket that listens on the first of the ports that is free."""
    for port in (*ports, 0):
        listening = socket.socket()
        # What an earlier server left behind in the kernel does not count as taken.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            # Two sockets may be bound to one port; only one of them can listen.
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
        else:
            return listening
    raise OSError(f"no port of {host} is free")


def apply(listening: socket.socket) -> None:
    """Let the server serve on this socket."""

    class Server(uvicorn.Server):
        """Serves on the socket that was made before."""

        async def serve(self, sockets: list[socket.socket] | None = None) -> None:
            await super().serve(sockets or [listening])

    server.uvicorn = SimpleNamespace(Config=uvicorn.Config, Server=Server)
