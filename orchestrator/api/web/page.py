"""What all pages share: who sits in front of them, and how one is made."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from orchestrator.api.service import Service, ServiceOf
from orchestrator.api.web.rendered import rendered
from orchestrator.api.web.sessions import Session

SEE_OTHER: Final = 303


class NotSignedIn(Exception):
    """Nobody is signed in: the pages lead to the login."""


def session_of(request: Request, service: ServiceOf) -> Session:
    """Return who sits in front of the page."""
    found = service.sessions.of(request)
    if found is None:
        raise NotSignedIn
    return found


SessionOf = Annotated[Session, Depends(session_of)]


def page(name: str, service: Service, session: Session, **values: Any) -> Response:  # noqa: ANN401
    """Return a page; what was to be told is told once."""
    told, session.told = session.told, ""
    snapshot = service.snapshot
    of_all = {"session": session, "told": told, **service.as_of(snapshot)}
    return HTMLResponse(rendered(name, **values, **of_all))
