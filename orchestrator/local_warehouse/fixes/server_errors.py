"""An internal error is answered with 400 and its text.

Stock: 500 without the text, which Google's clients repeat for ten minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bqemulator import server
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from bqemulator.api.dependencies import AppContext
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send


class InternalErrorsAsBadRequests:
    """Answers for an application that raised before it answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http":
                raise
            await _response(_innermost(error))(scope, receive, send)


def _innermost(error: BaseException) -> BaseException:
    """Middleware wraps what a handler raises in groups of one."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _response(error: BaseException) -> JSONResponse:
    message = f"The local warehouse failed: {type(error).__name__}: {error}"
    detail = {"reason": "invalidQuery", "message": message, "domain": "global"}
    body = {"code": 400, "message": message, "status": "INVALID_ARGUMENT", "errors": [detail]}
    return JSONResponse({"error": body}, status_code=400)


def apply() -> None:
    """Put the middleware around the application."""
    stock_create_app = server.create_app

    def create_app(context: AppContext) -> FastAPI:
        app: FastAPI = stock_create_app(context)
        app.add_middleware(InternalErrorsAsBadRequests)
        return app

    server.create_app = create_app
