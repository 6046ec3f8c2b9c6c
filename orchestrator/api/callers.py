"""Who calls, and what they may do.

With an issuer, a caller brings a token that it signed (OpenID Connect): of a
person after a login, or of a service account. Without one, the service answers on this machine
alone, to whoever can read the key that it writes when it starts.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidClaimError, JoseError

from orchestrator.api.issuer_keys import IssuerKeys
from orchestrator.api.problems import Refusal
from orchestrator.api.role_rules import RoleRules, verified_email
from orchestrator.errors import ConfigurationError
from orchestrator.local_warehouse.private_files import private_folder

if TYPE_CHECKING:
    from orchestrator.settings.serve import ServeSettings
    from orchestrator.settings.values import Settings

READER: Final = "reader"
STEWARD: Final = "steward"
ADMIN: Final = "admin"
# Each may do what the ones before it may.
ROLES: Final = (READER, STEWARD, ADMIN)
ALGORITHMS: Final = ("RS256", "ES256")
LEEWAY_SECONDS: Final = 30
# Between an issuer's word about a login and our reading it.
LOGIN_SECONDS: Final = 300
KEY_FILE: Final = "serve.key"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever is behind a request."""

    subject: str
    role: str
    # What a person reads; a subject can be a number. Nothing is decided by it.
    name: str = ""

    def may(self, role: str) -> bool:
        """Say whether the caller may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


class NoRole(Refusal):
    """Somebody is known, and may do nothing."""

    def __init__(self, detail: str, who: str) -> None:
        super().__init__("not_allowed", detail)
        self.who = who


class LocalKey:
    """The one key of a service on this machine; who reads it may do everything."""

    def __init__(self, settings: Settings) -> None:
        """Make a new key: the one of an earlier start no longer opens anything."""
        private_folder(settings.state_dir)
        self.path = settings.state_dir / KEY_FILE
        self.owner = Caller("local", ADMIN)
        self.key = secrets.token_urlsafe(32)
        self.path.unlink(missing_ok=True)
        self.path.touch(mode=0o600)
        self.path.write_text(self.key, encoding="utf-8")

    def caller(self, token: str) -> Caller:
        """Return who brings this key; refuse another one."""
        if not hmac.compare_digest(token.encode(), self.key.encode()):
            raise Refusal("not_signed_in", f"the key is not that of {KEY_FILE}")
        return self.owner


class IssuedTokens:
    """Tokens of an OpenID issuer."""

    def __init__(self, settings: ServeSettings) -> None:
        """Take the issuer's address; its keys are fetched with the first token."""
        if settings.issuer is None or settings.audience is None:
            raise ConfigurationError(
                "a service in the cloud needs an issuer of tokens",
                "set CONCORD_SERVE_ISSUER and CONCORD_SERVE_AUDIENCE",
            )
        self._rules = RoleRules(settings)
        self._client_id = settings.client_id
        self._issuer = settings.issuer
        self._keys = IssuerKeys(settings.issuer, settings.keys_url)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def caller(self, token: str) -> Caller:
        """Return whom a token is about; refuse one that is forged, old, or meant for others."""
        try:
            found = self._decoded(token)
            self._claims.validate(found.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _refused(error) from error
        return self._caller(found.claims)

    def person(self, id_token: str, access_token: str, nonce: str) -> Caller:
        """Return who has just signed in; refuse what is not of this login, or not for the pages."""
        try:
            found = self._decoded(id_token)
            CodeIDToken(
                found.claims,
                found.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "sub": {"essential": True},
                },
                {"nonce": nonce, "client_id": self._client_id, "access_token": access_token},
            ).validate(leeway=LEEWAY_SECONDS)
            if found.claims["iat"] < time.time() - LOGIN_SECONDS:
                raise InvalidClaimError("iat")
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _refused(error) from error
        return self._caller(found.claims)

    def _caller(self, claims: dict[str, Any]) -> Caller:
        subject, names = str(claims["sub"]), self._rules.names(claims)
        name = verified_email(claims, is_vouched=self._rules.is_vouched) or subject
        known = [role for role in ROLES if role in names]
        if not known:
            raise NoRole(self._rules.said, name)
        return Caller(subject, known[-1], name)

    def _decoded(self, token: str) -> jwt.Token:
        if self._keys.lacks(token):
            self._keys.refresh()
        return jwt.decode(token, self._keys.known(), algorithms=ALGORITHMS)


def _refused(error: Exception) -> Refusal:
    """Say no, and nothing of the token, which may be somebody's real one."""
    return Refusal("not_signed_in", f"the token is refused: {type(error).__name__}")


def bearer_token(header: str | None) -> str:
    """Return the token of an Authorization header."""
    kind, _, token = (header or "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Refusal(
            "not_signed_in", "send `Authorization: Bearer ...`", WWW_Authenticate="Bearer"
        )
    return token.strip()
