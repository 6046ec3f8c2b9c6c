"""Logins that have begun here and go on at the issuer: each is one browser's, and ends once."""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass, field
from typing import Final

from cachetools import TTLCache

ATTEMPT_SECONDS: Final = 600
# When there are more, the oldest have to begin again.
MOST_ATTEMPTS: Final = 10_000


def _chance() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """One way to the issuer and back. All of it but `back` is secret."""

    # Page to go on with.
    back: str
    # In a cookie: the way back is that of the same browser.
    browser: str = field(default_factory=_chance)
    # In the address that the issuer sends the browser back to.
    state: str = field(default_factory=_chance)
    # In the token: it is of this login.
    nonce: str = field(default_factory=_chance)
    # Only in our request for the token (PKCE): the code is of this login.
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


class LoginAttempts:
    """Remembers them for some minutes."""

    def __init__(self) -> None:
        """Know none yet."""
        self._attempts: TTLCache[str, LoginAttempt] = TTLCache(MOST_ATTEMPTS, ATTEMPT_SECONDS)
        self._guard = threading.Lock()

    def begin(self, back: str) -> LoginAttempt:
        """Begin one."""
        made = LoginAttempt(back)
        with self._guard:
            self._attempts[made.browser] = made
        return made

    def end(self, browser: str, state: str) -> LoginAttempt | None:
        """Return the attempt of a browser, once; None where it is none of its, or is old.

        A wrong state ends nothing: any site can send a browser here with one.
        """
        with self._guard:
            found = self._attempts.get(browser)
            if found is None or not hmac.compare_digest(state.encode(), found.state.encode()):
                return None
            return self._attempts.pop(browser)
