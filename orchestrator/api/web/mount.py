"""Puts the pages beside the API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from orchestrator.api.problems import CODES, Refusal, problem_answer
from orchestrator.api.web import login_pages, look_pages, reconcile_page, review_pages
from orchestrator.api.web.page import SEE_OTHER, NotSignedIn
from orchestrator.api.web.rendered import rendered

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response

STATIC: Final = Path(__file__).with_name("static")


def add_pages(app: FastAPI, *api_prefixes: str) -> None:
    """Add the pages; what goes wrong on them is told in words on a page."""
    for module in (login_pages, look_pages, reconcile_page, review_pages):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @app.exception_handler(NotSignedIn)
    def to_login(request: Request, error: NotSignedIn) -> Response:  # noqa: ARG001
        return RedirectResponse("/login", SEE_OTHER)

    @app.exception_handler(Refusal)
    def in_words(request: Request, error: Refusal) -> Response:
        if f"{request.url.path}/".startswith(tuple(f"{one}/" for one in api_prefixes)):
            return problem_answer(error.code, error.detail, error.headers)
        status, title = CODES[error.code]
        text = rendered("error", title=title, detail=error.detail)
        return HTMLResponse(text, int(status), error.headers)
