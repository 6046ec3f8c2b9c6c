"""What all pages share: who sits in front of them, and how one is made."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from orchestrator.api.service import Service, ServiceOf, caller_of
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
    # A proxy says with each request who it is: perhaps somebody else by now, or with another role.
    if service.settings.serve.token_header and caller_of(request, service) != found.caller:
        raise NotSignedIn
    return found


SessionOf = Annotated[Session, Depends(session_of)]


def notice(
    title: str, text: str, link: tuple[str, str], *, status: int = 200, is_left: bool = False
) -> Response:
    """Return a page for whoever is not signed in: words, and where to go on.

    One that is left goes on by itself.
    """
    words = {"title": title, "text": text, "address": link[0], "label": link[1]}
    headers = {"cache-control": "no-store"}
    return HTMLResponse(rendered("notice", **words, is_left=is_left), status, headers)


def page(name: str, service: Service, session: Session, **values: Any) -> Response:  # noqa: ANN401
    """Return a page; what was to be told is told once."""
    told, session.told = session.told, ""
    snapshot = service.snapshot
    of_all = {"session": session, "told": told, **service.as_of(snapshot)}
    return HTMLResponse(rendered(name, **values, **of_all))
