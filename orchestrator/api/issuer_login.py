"""The login of people at an OpenID issuer: authorization code with PKCE, spoken by Authlib."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session

from orchestrator.api.callers import NoRole
from orchestrator.api.issuer_keys import FETCH_SECONDS, fetched_description
from orchestrator.api.problems import Refusal
from orchestrator.logs import get_logger
from orchestrator.settings.login import is_safe_address

if TYPE_CHECKING:
    from orchestrator.api.callers import Caller, IssuedTokens
    from orchestrator.api.login_attempts import LoginAttempt
    from orchestrator.settings.serve import ServeSettings

CALLBACK: Final = "/login/callback"
DESCRIPTION_SECONDS: Final = 3600.0
RETRY_SECONDS: Final = 5.0
# An error of OAuth is such a word; anything else is somebody's text, and is not shown.
ERROR_WORD: Final = re.compile(r"[a-z_]{1,40}")
FAULTS: Final = (
    *(AuthlibBaseError, requests.RequestException),
    *(ValueError, TypeError, KeyError, AttributeError),
)
# What is wrong when the issuer does not want to exchange the code, by its word for it.
OUR_FAULTS: Final = ("invalid_client", "unauthorized_client")


class LoginProblem(Exception):
    """A login that did not work; its words are for whoever wanted to sign in."""

    def __init__(self, status: int, title: str, what_to_do: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.what_to_do = what_to_do


@dataclass(frozen=True, slots=True)
class _Endpoints:
    """Where the issuer does what."""

    authorization: str
    token: str
    end_session: str | None
    # How a client may say who it is.
    methods: tuple[str, ...]


class IssuerLogin:
    """Sends people to the issuer, and finds out who came back."""

    def __init__(self, serve: ServeSettings, tokens: IssuedTokens, secret: str | None) -> None:
        """Take the settings; what the issuer says of itself is fetched with the first login."""
        self._issuer = serve.issuer or ""
        self.host = urlsplit(self._issuer).hostname or ""
        self._serve = serve
        self._tokens = tokens
        self._secret = secret
        self._endpoints: _Endpoints | None = None
        self._fetched_at = self._tried_at = float("-inf")
        self._guard = threading.Lock()

    def address(self, attempt: LoginAttempt) -> str:
        """Return where a person signs in."""
        found = self._found()
        with self._client(found) as client:
            address, _ = client.create_authorization_url(
                found.authorization,
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address)

    def check_sender(self, issuer: str | None) -> None:
        """Refuse an answer that another issuer says is its own (RFC 9207); not all say it."""
        if issuer not in (None, self._issuer):
            raise self._failed("another issuer has sent you", "another issuer")

    def person(self, attempt: LoginAttempt, code: str) -> Caller:
        """Return who came back with a code."""
        answer = self._exchanged(attempt, code)
        try:
            return self._tokens.person(
                str(answer["id_token"]), str(answer.get("access_token", "")), attempt.nonce
            )
        except NoRole:
            # The login is as it should be.
            raise
        except (Refusal, KeyError) as error:
            detail = error.detail if isinstance(error, Refusal) else "no token"
            raise self._failed("its token is not good", detail) from error

    def refusal(self, word: str) -> LoginProblem:
        """Return what to tell whom the issuer has sent back without a code."""
        shown = word if ERROR_WORD.fullmatch(word) else "no known error"
        get_logger().warning("login failed", step="at the issuer", problem=shown)
        return LoginProblem(
            403,
            f"{self.host} did not let you in",
            f"It answers '{shown}'. Sign in again, and agree there; if it lasts, ask those who run"
            " this service.",
        )

    def end_address(self) -> str | None:
        """Return where a person signs out at the issuer too; None where that is not known."""
        end = self._endpoints.end_session if self._endpoints else None
        if end is None:
            return None
        back = f"{self._serve.public_url}/login"
        params = [("client_id", self._serve.client_id or ""), ("post_logout_redirect_uri", back)]
        return str(add_params_to_uri(end, params))

    def _exchanged(self, attempt: LoginAttempt, code: str) -> dict[str, Any]:
        found = self._found()
        try:
            with self._client(found) as client:
                answer = client.fetch_token(
                    found.token,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                    # The secret goes to this address and to no other.
                    allow_redirects=False,
                )
            return dict(answer)
        except FAULTS as error:
            # Of its texts none is written down: they may hold the code.
            word = str(getattr(error, "error", "")) or type(error).__name__
            shown = word if ERROR_WORD.fullmatch(word) else type(error).__name__
            raise self._failed("it did not confirm the login", shown) from error

    def _failed(self, what: str, problem: str) -> LoginProblem:
        get_logger().warning("login failed", step=what, problem=problem)
        hint = "sign in again; if it lasts, ask those who run this service to look into its log"
        if problem in OUR_FAULTS:
            hint = "those who run this service have to correct CONCORD_SERVE_CLIENT_ID or _SECRET"
        return LoginProblem(
            502,
            f"The login at {self.host} did not work",
            f"You came back from there, but {what}: {hint}.",
        )

    def _client(self, found: _Endpoints) -> OAuth2Session:
        method = "none"
        if self._secret is not None:
            # Rather in the body: in the header, Authlib does not escape what a secret may hold.
            is_body = "client_secret_post" in found.methods
            method = "client_secret_post" if is_body else "client_secret_basic"
        return OAuth2Session(
            self._serve.client_id,
            self._secret,
            token_endpoint_auth_method=method,
            scope=self._serve.scopes,
            redirect_uri=f"{self._serve.public_url}{CALLBACK}",
            code_challenge_method="S256",
            default_timeout=FETCH_SECONDS,
        )

    def _found(self) -> _Endpoints:
        """Return the endpoints; those that are known stay while the issuer is away."""
        with self._guard:
            now = time.monotonic()
            is_old = now - self._fetched_at > DESCRIPTION_SECONDS
            if is_old and now - self._tried_at > RETRY_SECONDS:
                self._tried_at = now
                try:
                    self._endpoints = _endpoints(self._issuer)
                    self._fetched_at = now
                except FAULTS as error:
                    get_logger().error(
                        "the issuer's description cannot be fetched", problem=type(error).__name__
                    )
            if self._endpoints is None:
                raise LoginProblem(
                    502,
                    f"{self.host} does not answer",
                    "Sign in again in a minute. If it lasts, those who run this service should see"
                    " whether CONCORD_SERVE_ISSUER is right.",
                )
            return self._endpoints


def _endpoints(issuer: str) -> _Endpoints:
    described = fetched_description(issuer)
    found = _Endpoints(
        described["authorization_endpoint"],
        described["token_endpoint"],
        described.get("end_session_endpoint"),
        tuple(described.get("token_endpoint_auth_methods_supported") or ()),
    )
    if described["issuer"] != issuer:
        raise ValueError("the description is of another issuer")
    for one in (found.authorization, found.token, found.end_session or issuer):
        if not is_safe_address(one):
            raise ValueError("an endpoint that others can listen to")
    return found
