"""Who sits in front of the pages: a link that works once, a cookie, a token of forms."""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cachetools import TTLCache

from orchestrator.api.problems import Refusal
from orchestrator.api.web.own_address import cookie_name, is_own_origin, is_secure

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.responses import Response

    from orchestrator.api.callers import Caller

COOKIE: Final = "concord_session"
# Of a login that is under way.
ATTEMPT: Final = "concord_login"
SESSION_SECONDS: Final = 12 * 3600.0
TICKET_SECONDS: Final = 600.0
MOST_SESSIONS: Final = 10_000
# Nobody pushes others out by signing in all the time; browsers of one person are fewer.
MOST_OF_ONE: Final = 50
# A browser says where a request comes from; another page is no place for a decision.
OWN_SITES: Final = ("same-origin", "none")


@dataclass(slots=True)
class Session:
    """One login of a browser."""

    caller: Caller
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    # What the next page says once.
    told: str = ""


class Sessions:
    """The logins of a service that runs; none outlives it."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self._sessions: TTLCache[str, Session] = TTLCache(MOST_SESSIONS, SESSION_SECONDS)
        self._tickets: TTLCache[str, Caller] = TTLCache(MOST_SESSIONS, TICKET_SECONDS)
        self._guard = threading.Lock()

    def ticket(self, caller: Caller) -> str:
        """Return the secret of a link that lets somebody in, once."""
        secret = secrets.token_urlsafe(24)
        with self._guard:
            self._tickets[secret] = caller
        return secret

    def use_ticket(self, secret: str, request: Request, response: Response) -> None:
        """Let the holder of a ticket in; refuse one that was used, is old, or was never given."""
        with self._guard:
            caller = self._tickets.pop(secret, None)
        if caller is None:
            raise Refusal("not_signed_in", "this link was used, or is too old")
        self.begin(caller, request, response)

    def begin(self, caller: Caller, request: Request, response: Response) -> None:
        """Begin a session under a new name, and give its cookie to the browser.

        The one that the browser had is over, and the oldest of too many of one caller. The cookie
        is Strict, also after a login at an issuer: that one ends with a page of ours, which goes
        on from here.
        """
        name = secrets.token_urlsafe(32)
        with self._guard:
            self._sessions.pop(self._name(request), None)
            own = [
                key for key, one in self._sessions.items() if one.caller.subject == caller.subject
            ]
            for oldest in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
                del self._sessions[oldest]
            self._sessions[name] = Session(caller)
        response.set_cookie(
            cookie_name(request, COOKIE),
            name,
            max_age=int(SESSION_SECONDS),
            httponly=True,
            secure=is_secure(request),
            samesite="strict",
        )

    def of(self, request: Request) -> Session | None:
        """Return the session of a request; None where nobody is signed in."""
        with self._guard:
            return self._sessions.get(self._name(request))

    def end(self, request: Request, response: Response) -> None:
        """Sign out."""
        with self._guard:
            self._sessions.pop(self._name(request), None)
        drop_cookie(request, response, COOKIE)

    @staticmethod
    def _name(request: Request) -> str:
        return request.cookies.get(cookie_name(request, COOKIE), "")


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Let the browser forget a cookie of ours."""
    response.delete_cookie(cookie_name(request, name), secure=is_secure(request), httponly=True)


def is_of_another_site(request: Request) -> bool:
    """Say whether a browser tells that a page of another site has sent a request."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "none")
    is_foreign = origin is not None and not is_own_origin(request, origin)
    return is_foreign or site not in OWN_SITES


def check_form(request: Request, session: Session, token: str) -> None:
    """Refuse a form that another site has sent, whatever cookies came along."""
    if is_of_another_site(request):
        raise Refusal("not_allowed", "this form comes from another site")
    if not hmac.compare_digest(token.encode(), session.form_token.encode()):
        raise Refusal("not_allowed", "this form is of another login: load the page again")
