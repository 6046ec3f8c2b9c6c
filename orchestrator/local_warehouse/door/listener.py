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
        # Named as TCP, so that asyncio sends each part of an answer at once. Else the kernel keeps
        # the body back until the client has acknowledged the headers: 40 ms for every request.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
