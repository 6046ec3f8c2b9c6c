"""Puts the pages beside the API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from orchestrator.api.problems import CODES, Refusal, problem_answer
from orchestrator.api.web import (
    agreement_pages,
    batch_pages,
    entity_pages,
    login_pages,
    model_pages,
    review_pages,
    run_pages,
    search_pages,
)
from orchestrator.api.web.page import SEE_OTHER, NotSignedIn
from orchestrator.api.web.rendered import rendered
from orchestrator.report.palette import CSS_VARIABLES

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

STATIC: Final = Path(__file__).with_name("static")
# Colour in a chart of the report -> variable of the pages.
CHART_COLOURS: Final = "\n".join(
    f'.chart [{part}="{colour}"] {{ {part}: var({variable}); }}'
    for colour, variable in CSS_VARIABLES.items()
    for part in ("fill", "stroke")
)
PAGES: Final = (
    login_pages,
    search_pages,
    review_pages,
    batch_pages,
    agreement_pages,
    entity_pages,
    run_pages,
    model_pages,
)


def add_pages(app: FastAPI, api_prefix: str) -> None:
    """Add the pages; what goes wrong on them is told in words on a page."""
    for module in PAGES:
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @app.get("/charts.css", include_in_schema=False)
    def chart_colours() -> Response:
        """Give charts the colours of the page, light or dark."""
        return Response(CHART_COLOURS, media_type="text/css")

    @app.exception_handler(NotSignedIn)
    def to_login(request: Request, error: NotSignedIn) -> Response:  # noqa: ARG001
        return RedirectResponse("/login", SEE_OTHER)

    @app.exception_handler(Refusal)
    def in_words(request: Request, error: Refusal) -> Response:
        if request.url.path.startswith(api_prefix):
            return problem_answer(error.code, error.detail, error.headers)
        status, title = CODES[error.code]
        text = rendered("error", title=title, detail=error.detail)
        return HTMLResponse(text, int(status), error.headers)
