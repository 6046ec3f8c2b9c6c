"""A REST request is answered when it names the token, this server and no other origin.

Stock: everything is answered, whoever asks. A page in a browser may then send statements as
`text/plain`, which needs no leave of the server, and after DNS rebinding read the answers too.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from bqemulator import server
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from bqemulator.api.dependencies import AppContext
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

# Says that somebody listens, and nothing else.
PROBES: Final = frozenset({"/healthz", "/readyz"})
LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost")
UNKNOWN: Final = (
    "The local warehouse was asked without its token, or with that of another one. Type "
    "`concord dbt ...` instead of `dbt ...`, or put the address and the token into this shell "
    'with: eval "$(concord warehouse status --env)"'
)
NOT_THIS_HOST: Final = "The local warehouse answers under its own address only."
NO_PAGES: Final = "The local warehouse answers no pages."


class Doorkeeper:
    """Turns away what may not come in, before anything of the request is read."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = self._answer(scope)
            if answer is not None:
                await answer(scope, receive, send)
                return
        elif scope["type"] != "lifespan":
            return
        await self._app(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """Return the answer to what does not come in, else None."""
        headers = Headers(scope=scope)
        own_hosts = {f"{name}:{scope['server'][1]}" for name in LOOPBACK_NAMES}
        if headers.get("host") not in own_hosts:
            return _refusal(NOT_THIS_HOST)
        if headers.get("origin", f"http://{headers['host']}") != f"http://{headers['host']}":
            return _refusal(NO_PAGES)
        if scope["path"] in PROBES:
            return Response(status_code=204)
        if not is_token(headers.get("authorization"), self._token):
            return _refusal(UNKNOWN)
        return None


def is_token(authorization: str | None, token: str) -> bool:
    """Say whether a header names the token; how long that takes tells nothing about it."""
    return hmac.compare_digest((authorization or "").encode(), f"Bearer {token}".encode())


def _refusal(message: str) -> JSONResponse:
    # Not 401: Google's clients would try to renew the token first.
    detail = {"reason": "accessDenied", "message": message, "domain": "global"}
    body = {"code": 403, "message": message, "status": "PERMISSION_DENIED", "errors": [detail]}
    return JSONResponse({"error": body}, status_code=403)


def apply(token: str) -> None:
    """Put the doorkeeper around the application."""
    stock_create_app = server.create_app

    def create_app(context: AppContext) -> FastAPI:
        app: FastAPI = stock_create_app(context)
        app.add_middleware(Doorkeeper, token=token)
        return app

    server.create_app = create_app
