"""Puts the pages beside the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from orchestrator.api.problems import Refusal
from orchestrator.api.web import login_pages, look_pages, review_pages
from orchestrator.api.web.page import SEE_OTHER, NotSignedIn
from orchestrator.api.web.rendered import rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI, Request
    from starlette.responses import Response

STATIC: Final = Path(__file__).with_name("static")
KEPT_HEADERS: Final = ("allow", "retry-after", "www-authenticate")


def add_pages(app: FastAPI, api_prefix: str) -> None:
    """Add the pages; what goes wrong on them is told in words on a page."""
    for module in (login_pages, look_pages, review_pages):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    for kind, answered in [*app.exception_handlers.items()]:
        app.add_exception_handler(kind, _for_people(answered, api_prefix))

    @app.exception_handler(NotSignedIn)
    def to_login(request: Request, error: NotSignedIn) -> Response:  # noqa: ARG001
        return RedirectResponse("/login", SEE_OTHER)


def _for_people(answered: Callable[..., Any], api_prefix: str) -> Callable[..., Response]:
    """Return a handler of errors that shows people on a page what programs get as a document."""

    def in_words(request: Request, error: Exception) -> Response:
        told: Response = answered(request, error)
        is_browser = "text/html" in request.headers.get("accept", "")
        is_page = is_browser or "hx-request" in request.headers or isinstance(error, Refusal)
        if request.url.path.startswith(f"{api_prefix}/") or not is_page:
            return told
        problem = json.loads(bytes(told.body))
        places = [f"{one['place']}: {one['problem']}" for one in problem.get("problems", [])]
        detail = "; ".join(places) or problem["detail"]
        text = rendered("error", title=problem["title"], detail=detail)
        kept = {name: told.headers[name] for name in KEPT_HEADERS if name in told.headers}
        return HTMLResponse(text, told.status_code, kept)

    return in_words
