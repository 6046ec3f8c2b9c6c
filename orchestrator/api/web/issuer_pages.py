"""The way to the issuer and back.

It begins with a link, not with a form: `form-action 'self'` would stop a form at the issuer's door.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.callers import READER, Caller
from orchestrator.api.issuer_login import IssuerLogin, LoginProblem
from orchestrator.api.login_attempts import ATTEMPT_SECONDS
from orchestrator.api.problems import Refusal
from orchestrator.api.service import ServiceOf, caller_of
from orchestrator.api.web.own_address import cookie_name, is_secure, own_page
from orchestrator.api.web.page import SEE_OTHER, notice
from orchestrator.api.web.sessions import ATTEMPT, drop_cookie

router = APIRouter(include_in_schema=False)

# Of all people together: each asks something of the issuer.
LOGINS_PER_MINUTE: Final = 600
EVERYBODY: Final = Caller("everybody", READER)


def login_of(service: ServiceOf) -> IssuerLogin:
    """Return the login at the issuer; refuse where there is none."""
    if service.login is None:
        raise Refusal("unknown_path", "nobody signs in at an issuer here")
    return service.login


@router.get("/login/start")
def start_login(request: Request, service: ServiceOf, back: str = "/") -> Response:
    """Send somebody to the issuer, or take a proxy's word; who is signed in goes on at once."""
    back = own_page(back)
    answer = RedirectResponse(back, SEE_OTHER)
    if service.settings.serve.token_header:
        caller = caller_of(request, service)
        service.audit(caller, "sign in")
        service.sessions.begin(caller, request, answer)
        return answer
    login = login_of(service)
    # A link from elsewhere comes without the session's cookie (Strict); this one came with it.
    if service.sessions.of(request):
        return answer
    service.count(EVERYBODY, "login", LOGINS_PER_MINUTE)
    attempt = service.attempts.begin(back)
    answer = RedirectResponse(login.address(attempt), SEE_OTHER, {"cache-control": "no-store"})
    answer.set_cookie(
        cookie_name(request, ATTEMPT),
        attempt.browser,
        max_age=ATTEMPT_SECONDS,
        httponly=True,
        secure=is_secure(request),
        # The issuer sends the browser back to us: Strict would not come along.
        samesite="lax",
    )
    return answer


@router.get("/login/callback")
def end_login(
    request: Request, service: ServiceOf, login: Annotated[IssuerLogin, Depends(login_of)]
) -> Response:
    """Let in who comes back from the issuer, in the browser that went there."""
    # Read by hand: what is wrong with them is told on a page, in words.
    said = request.query_params
    browser = request.cookies.get(cookie_name(request, ATTEMPT), "")
    attempt = service.attempts.end(browser, said.get("state", ""))
    if attempt is None:
        raise LoginProblem(
            400,
            "This login is over",
            "It took longer than ten minutes, was used already, or began in another browser."
            " Sign in again.",
        )
    login.check_sender(said.get("iss"))
    if "error" in said or "code" not in said:
        raise login.refusal(said.get("error", ""))
    caller = login.person(attempt, said["code"])
    service.audit(caller, "sign in")
    # A page of ours, and no redirect: the browser would follow that as part of the issuer's, and
    # leave out the new cookie, which is Strict. What this page goes on to is our own.
    answer = notice("You are signed in", "", (attempt.back, "Go on"), is_left=True)
    drop_cookie(request, answer, ATTEMPT)
    service.sessions.begin(caller, request, answer)
    return answer
