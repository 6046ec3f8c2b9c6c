"""An OpenID issuer on this machine: describes itself, lets one person in, checks PKCE, signs.

What it does wrong is set by a test.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

CLIENT_ID: Final = "pages-of-concord"
# With signs that a header or a body has to escape.
CLIENT_SECRET: Final = "s3cret:of+the&client=%41"  # noqa: S105 - of nobody
KEY: Final = RSAKey.generate_key(2048, {"kid": "one"})
ANN_AT_CORP: Final = {"sub": "10769150350006150715113", "email": "Ann@corp.example"}


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class FakeIssuer:
    """One issuer with one client; used as a context it is there."""

    redirect_uri: str
    # None: a public client, which proves nothing but its verifier.
    secret: str | None = CLIENT_SECRET
    methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    # What is said of the person.
    person: dict[str, Any] = field(default_factory=lambda: {**ANN_AT_CORP, "email_verified": True})
    # Paths that answer 500.
    broken: set[str] = field(default_factory=set)
    # Instead of a code.
    error: dict[str, str] = field(default_factory=dict)
    # Changes of the description, the claims of the next token, and its making.
    described: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    # Instead of the answer with the token.
    answer: Any = None
    key: RSAKey = field(default_factory=lambda: KEY)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> FakeIssuer:
        """Listen on a free port of this machine."""
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                issuer._answer(self, parts.path, dict(parse_qsl(parts.query)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                issuer._answer(self, self.path, dict(parse_qsl(body)))

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Go away; also at once, in the middle of a test."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return its address, which is its name too."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def id_token(self, nonce: str = "", **changes: Any) -> str:  # noqa: ANN401
        """Sign a token about the person; a change to None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
            **self.person,
            **self.claims,
            **changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.sign is not None:
            return self.sign(claims)
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def _answer(self, to: BaseHTTPRequestHandler, path: str, params: dict[str, str]) -> None:
        self.asked.append((path, params))
        does = {
            "/.well-known/openid-configuration": self._description,
            "/authorize": self._authorize,
            "/token": self._token,
            "/keys": lambda to, params: (200, dict(KeySet([self.key]).as_dict(private=False))),
        }
        status, body = (500, {}) if path in self.broken else does[path](to, params)
        to.send_response(status)
        if status == 302:
            to.send_header("Location", body)
            body = {}
        to.send_header("Content-Type", "application/json")
        to.end_headers()
        to.wfile.write(json.dumps(body).encode())

    def _description(self, to: BaseHTTPRequestHandler, params: dict[str, str]) -> tuple[int, Any]:
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/leave",
            "token_endpoint_auth_methods_supported": list(self.methods),
            **self.described,
        }
        return 200, {name: value for name, value in said.items() if value is not None}

    def _authorize(self, to: BaseHTTPRequestHandler, params: dict[str, str]) -> tuple[int, Any]:
        is_ours = (params.get("client_id"), params.get("redirect_uri")) == (
            CLIENT_ID,
            self.redirect_uri,
        )
        is_safe = params.get("code_challenge_method") == "S256" and params.get("code_challenge")
        if not is_ours or not is_safe or params.get("response_type") != "code":
            return 400, {"error": "invalid_request"}
        if "openid" not in params.get("scope", "").split():
            return 400, {"error": "invalid_scope"}
        said = {"state": params["state"], **self.error}
        if not self.error:
            said["code"] = secrets.token_urlsafe(16)
            self._codes[said["code"]] = params
        return 302, f"{self.redirect_uri}?{urlencode(said)}"

    def _token(self, to: BaseHTTPRequestHandler, params: dict[str, str]) -> tuple[int, Any]:
        if self.answer is not None:
            return 200, self.answer
        if not self._is_client(to.headers.get("Authorization", ""), params):
            return 401, {"error": "invalid_client", "error_description": "wrong secret"}
        asked = self._codes.pop(params.get("code", ""), None)
        is_same = (
            asked is not None
            and params.get("grant_type") == "authorization_code"
            and params.get("redirect_uri") == self.redirect_uri
            and _challenge(params.get("code_verifier", "")) == asked["code_challenge"]
        )
        if asked is None or not is_same:
            return 400, {"error": "invalid_grant", "error_description": "<b>no</b>"}
        token = self.id_token(asked["nonce"])
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def _is_client(self, header: str, params: dict[str, str]) -> bool:
        if self.secret is None:
            return params.get("client_id") == CLIENT_ID and not header
        given = params.get("client_id"), params.get("client_secret")
        if header.startswith("Basic ") and "client_secret_basic" in self.methods:
            name, _, secret = base64.b64decode(header[6:]).decode().partition(":")
            given = name, secret
        elif "client_secret_post" not in self.methods:
            return False
        return given == (CLIENT_ID, self.secret)
