"""Signing in and out."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from orchestrator.api.callers import READER, Caller
from orchestrator.api.problems import Refusal
from orchestrator.api.service import ServiceOf
from orchestrator.api.web.page import SEE_OTHER, SessionOf
from orchestrator.api.web.rendered import rendered
from orchestrator.api.web.sessions import check_form

router = APIRouter(include_in_schema=False)

LOGINS_PER_MINUTE: Final = 20


@router.get("/login")
def login(request: Request, service: ServiceOf, ticket: str = "") -> Response:
    """Let somebody in with a link that works once; else ask for the key."""
    if not ticket:
        return HTMLResponse(rendered("login", problem=""))
    answer = RedirectResponse("/", SEE_OTHER)
    service.sessions.use_ticket(ticket, answer, is_secure=request.url.scheme == "https")
    return answer


@router.post("/login")
def login_with_key(request: Request, service: ServiceOf, key: Annotated[str, Form()]) -> Response:
    """Let somebody in who can read the key."""
    somebody = Caller(request.client.host if request.client else "", READER)
    service.count(somebody, "login", LOGINS_PER_MINUTE)
    try:
        caller = service.tokens.caller(key.strip())
    except Refusal:
        return HTMLResponse(rendered("login", problem="This is not the key."), 401)
    answer = RedirectResponse("/", SEE_OTHER)
    service.sessions.begin(caller, answer, is_secure=request.url.scheme == "https")
    return answer


@router.post("/logout")
def logout(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    form_token: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Sign out."""
    check_form(request, session, form_token)
    answer = RedirectResponse("/login", SEE_OTHER)
    service.sessions.end(request, answer)
    return answer
