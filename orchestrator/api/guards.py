"""What every request passes: limits of its body, headers of its answer, and the data's tag."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

from orchestrator.api.problems import problem_answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from orchestrator.api.service import Service

MOST_BYTES: Final = 1 << 20
# Nothing of an answer is run, framed or kept by somebody in between.
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    # Not "no-referrer": a browser would then hide from us that a form is our own (`Origin: null`).
    "referrer-policy": "same-origin",
    "cache-control": "private, no-cache",
}


class SecureHeaders:
    """Adds the headers that every answer has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, answer)


class BodyLimit:
    """Refuses bodies that are larger than any question is, whatever their header says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        body = b""
        is_whole = not length.isdigit() or int(length) > MOST_BYTES
        while not is_whole:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            is_whole = not message.get("more_body") or len(body) > MOST_BYTES
        if not length.isdigit() or max(int(length), len(body)) > MOST_BYTES:
            detail = f"at most {MOST_BYTES:,} bytes"
            await problem_answer("too_large", detail)(scope, receive, send)
            return
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)


class SameData:
    """Tags answers with the snapshot that they are of; who has them already gets 304.

    A tag is a strong one: the same address, asked by the same caller, has the same answer.
    """

    def __init__(self, app: ASGIApp, service: Service, prefix: str) -> None:
        self._app = app
        self._service = service
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if not (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and scope["path"].startswith(f"{self._prefix}/")
            and self._service.holder.is_ready
        ):
            await self._app(scope, receive, send)
            return
        tag = self._tag(headers)
        # What stands in between may have made it a weak one, by compressing the answer.
        given = (one.strip() for one in headers.get("if-none-match", "").split(","))
        is_known = tag in (one.removeprefix("W/") for one in given)
        is_kept_back = False

        async def answer(message: Message) -> None:
            nonlocal is_kept_back
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["etag"] = tag
                if is_known:
                    is_kept_back = True
                    kept = MutableHeaders(scope=message)
                    del kept["content-length"], kept["content-type"]
                    message["status"] = 304
            elif is_kept_back and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, answer)

    def _tag(self, headers: Headers) -> str:
        """Name the snapshot, the decisions of today, and who asks: a reader sees less."""
        said = (
            self._service.snapshot.file.name,
            self._service.started_as,
            self._service.outbox.version,
            headers.get(self._service.settings.serve.token_header or "authorization", ""),
        )
        return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'
