"""One id for a request, in its answer and in every line of the log about it."""

from __future__ import annotations

import re
import time
import traceback
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from orchestrator.api.problems import problem_answer
from orchestrator.logs import get_logger

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = b"x-request-id"
# What a caller may choose: it stands in logs.
USABLE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
MOST_FRAMES: Final = 8
QUIET: Final = ("/livez", "/readyz", "/metrics")


def _write_down(error: Exception) -> None:
    """Write where something broke; the words of an error may hold values."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    get_logger().error(
        "request failed",
        problem=type(error).__name__,
        frames=[f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    )


class Correlation:
    """Gives each request its id, and writes one line about it; ids and values are not in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(HEADER, b"").decode("latin-1")
        request_id = given if USABLE.fullmatch(given) else uuid.uuid4().hex
        started = time.monotonic()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, answer)
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
                _write_down(error)
                detail = "the log has more under this request id"
                await problem_answer("broken", detail)(scope, receive, answer)
            finally:
                if scope["path"] not in QUIET:
                    route = scope.get("route")
                    get_logger().info(
                        "request",
                        method=scope["method"],
                        # The template of the address: an id of somebody is not written down.
                        route=getattr(route, "path", "none"),
                        status=status,
                        milliseconds=round((time.monotonic() - started) * 1000, 1),
                    )
