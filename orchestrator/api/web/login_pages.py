"""Signing in and out."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from orchestrator.api.callers import READER, Caller, LocalKey
from orchestrator.api.problems import Refusal
from orchestrator.api.service import ServiceOf
from orchestrator.api.web.own_address import own_page
from orchestrator.api.web.page import SEE_OTHER, SessionOf, notice
from orchestrator.api.web.rendered import rendered
from orchestrator.api.web.sessions import check_form

router = APIRouter(include_in_schema=False)

LOGINS_PER_MINUTE: Final = 20


@router.get("/login")
def login(request: Request, service: ServiceOf, ticket: str = "", back: str = "/") -> Response:
    """Let somebody in with a link that works once; else ask for the key, or lead to the issuer."""
    if not isinstance(service.tokens, LocalKey):
        where = f" with {service.login.host}" if service.login else ""
        start = f"/login/start?{urlencode({'back': own_page(back)})}"
        return notice("Sign in", "", link=(start, f"Sign in{where}"))
    if not ticket:
        return HTMLResponse(rendered("login", problem=""))
    answer = RedirectResponse("/", SEE_OTHER)
    service.sessions.use_ticket(ticket, request, answer)
    return answer


@router.post("/login")
def login_with_key(request: Request, service: ServiceOf, key: Annotated[str, Form()]) -> Response:
    """Let somebody in who can read the key."""
    if not isinstance(service.tokens, LocalKey):
        raise Refusal("unknown_path", "there is no key: people sign in at the issuer")
    somebody = Caller(request.client.host if request.client else "", READER)
    service.count(somebody, "login", LOGINS_PER_MINUTE)
    try:
        caller = service.tokens.caller(key.strip())
    except Refusal:
        return HTMLResponse(rendered("login", problem="This is not the key."), 401)
    answer = RedirectResponse("/", SEE_OTHER)
    service.sessions.begin(caller, request, answer)
    return answer


@router.post("/logout")
def logout(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    form_token: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Sign out; the issuer is left by a link, since a form of ours leads to no other site."""
    check_form(request, session, form_token)
    answer: Response = RedirectResponse("/login", SEE_OTHER)
    end = service.login.end_address() if service.login else None
    if service.login and end:
        text = f"Your login at {service.login.host} goes on until you sign out there too."
        answer = notice("You are signed out here", text, (end, f"Sign out of {service.login.host}"))
    service.sessions.end(request, answer)
    return answer
