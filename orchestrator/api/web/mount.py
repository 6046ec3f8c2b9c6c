"""Puts the pages beside the API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from orchestrator.api.callers import LocalKey, NoRole
from orchestrator.api.issuer_login import LoginProblem
from orchestrator.api.problems import CODES, Refusal, problem_answer
from orchestrator.api.web import issuer_pages, login_pages, look_pages, review_pages
from orchestrator.api.web.own_address import own_page
from orchestrator.api.web.page import SEE_OTHER, NotSignedIn, notice
from orchestrator.api.web.rendered import rendered

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response

STATIC: Final = Path(__file__).with_name("static")


def add_pages(app: FastAPI, api_prefix: str) -> None:
    """Add the pages; what goes wrong on them is told in words on a page."""
    for module in (login_pages, issuer_pages, look_pages, review_pages):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @app.exception_handler(NotSignedIn)
    def to_login(request: Request, error: NotSignedIn) -> Response:  # noqa: ARG001
        back = own_page(f"{request.url.path}?{request.url.query}".rstrip("?"))
        is_here = isinstance(app.state.service.tokens, LocalKey)
        if is_here or request.method != "GET" or back == "/":
            return RedirectResponse("/login", SEE_OTHER)
        return RedirectResponse(f"/login?{urlencode({'back': back})}", SEE_OTHER)

    @app.exception_handler(LoginProblem)
    def of_login(request: Request, error: LoginProblem) -> Response:  # noqa: ARG001
        again = ("/login", "Sign in again")
        return notice(error.title, error.what_to_do, again, status=error.status)

    @app.exception_handler(Refusal)
    def in_words(request: Request, error: Refusal) -> Response:
        if request.url.path.startswith(api_prefix):
            return problem_answer(error.code, error.detail, error.headers)
        status, title = CODES[error.code]
        if isinstance(error, NoRole):
            what = f"You are {error.who}, and {error.detail}. Ask those who run this service."
            return notice("You have no role here", what, ("/login", "Sign in again"), status=403)
        text = rendered("error", title=title, detail=error.detail)
        return HTMLResponse(text, int(status), error.headers)
