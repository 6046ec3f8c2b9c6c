"""Puts the pages beside the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from orchestrator.api.callers import LocalKey, NoRole
from orchestrator.api.issuer_login import LoginProblem
from orchestrator.api.problems import Refusal
from orchestrator.api.web import (
    agreement_pages,
    batch_pages,
    entity_pages,
    issuer_pages,
    login_pages,
    model_pages,
    reconcile_page,
    review_pages,
    run_pages,
    search_pages,
)
from orchestrator.api.web.own_address import own_page
from orchestrator.api.web.page import SEE_OTHER, NotSignedIn, notice
from orchestrator.api.web.rendered import rendered
from orchestrator.report.palette import CSS_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI, Request

STATIC: Final = Path(__file__).with_name("static")
KEPT_HEADERS: Final = ("allow", "retry-after", "www-authenticate")
# Colour in a chart of the report -> variable of the pages.
CHART_COLOURS: Final = "\n".join(
    f'.chart [{part}="{colour}"] {{ {part}: var({variable}); }}'
    for colour, variable in CSS_VARIABLES.items()
    for part in ("fill", "stroke")
)
PAGES: Final = (
    login_pages,
    issuer_pages,
    search_pages,
    review_pages,
    batch_pages,
    agreement_pages,
    entity_pages,
    run_pages,
    model_pages,
    reconcile_page,
)


def add_pages(app: FastAPI, *api_prefixes: str) -> None:
    """Add the pages; what goes wrong on them is told in words on a page."""
    for module in PAGES:
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    for kind, answered in [*app.exception_handlers.items()]:
        app.add_exception_handler(kind, _for_people(answered, api_prefixes))

    @app.get("/charts.css", include_in_schema=False)
    def chart_colours() -> Response:
        """Give charts the colours of the page, light or dark."""
        return Response(CHART_COLOURS, media_type="text/css")

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


def _for_people(
    answered: Callable[..., Any], api_prefixes: tuple[str, ...]
) -> Callable[..., Response]:
    """Return a handler of errors that shows people on a page what programs get as a document."""

    def in_words(request: Request, error: Exception) -> Response:
        told: Response = answered(request, error)
        is_browser = "text/html" in request.headers.get("accept", "")
        is_page = is_browser or "hx-request" in request.headers or isinstance(error, Refusal)
        is_program = f"{request.url.path}/".startswith(tuple(f"{one}/" for one in api_prefixes))
        if is_program or not is_page:
            return told
        if isinstance(error, NoRole):
            what = f"You are {error.who}, and {error.detail}. Ask those who run this service."
            return notice("You have no role here", what, ("/login", "Sign in again"), status=403)
        problem = json.loads(bytes(told.body))
        places = [f"{one['place']}: {one['problem']}" for one in problem.get("problems", [])]
        detail = "; ".join(places) or problem["detail"]
        text = rendered("error", title=problem["title"], detail=detail)
        kept = {name: told.headers[name] for name in KEPT_HEADERS if name in told.headers}
        return HTMLResponse(text, told.status_code, kept)

    return in_words
