"""Lets pages of other sites read what is below one address, without anybody's cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware.cors import CORSMiddleware

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class OpenToOtherPages:
    """CORS for the reconciliation service alone: OpenRefine's page calls it from the browser.

    Its secret is the key in the address or the header, never a cookie.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix
        self._open = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization"],
            allow_credentials=False,
            expose_headers=["Retry-After", "X-Request-ID"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        is_inside = path == self._prefix or path.startswith(f"{self._prefix}/")
        app = self._open if scope["type"] == "http" and is_inside else self._app
        await app(scope, receive, send)
