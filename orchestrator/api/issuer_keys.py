"""The public keys of an OpenID issuer: fetched seldom, and kept while the issuer is away."""

from __future__ import annotations

import json
import threading
import time
from typing import Any, Final

import requests
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet
from joserfc.jws import extract_compact

from orchestrator.api.problems import Refusal
from orchestrator.logs import get_logger

KEYS_SECONDS: Final = 3600.0
# Also after a failure, and whatever tokens come: nobody makes us ask the issuer all the time.
REFETCH_SECONDS: Final = 60.0
FETCH_SECONDS: Final = 5.0


class IssuerKeys:
    """Knows the keys; one thread fetches them, the others go on with what is known."""

    def __init__(self, issuer: str, keys_url: str | None = None) -> None:
        self._issuer = issuer
        # Of an issuer that does not describe itself.
        self._keys_url = keys_url
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._fetching = threading.Lock()

    def known(self) -> KeySet:
        """Return the keys; raise while none is known."""
        if self._keys is None or time.monotonic() - self._fetched_at > KEYS_SECONDS:
            self.refresh()
        if self._keys is None:
            raise Refusal("warehouse", "the issuer of the tokens does not give its keys")
        return self._keys

    def lacks(self, token: str) -> bool:
        """Say whether a token names a key that is not known: the issuer may have new ones."""
        try:
            name = extract_compact(token.encode()).headers().get("kid")
        except (JoseError, ValueError):
            return False
        return name not in {key.kid for key in self.known().keys}

    def refresh(self) -> None:
        """Fetch the keys, unless somebody does or has just done; those that are known stay."""
        if not self._fetching.acquire(blocking=self._keys is None):
            return
        try:
            if time.monotonic() - self._tried_at > REFETCH_SECONDS:
                self._tried_at = time.monotonic()
                self._keys = self._fetched()
                self._fetched_at = self._tried_at
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            get_logger().error("the issuer's keys cannot be fetched", problem=type(error).__name__)
        finally:
            self._fetching.release()

    def _fetched(self) -> KeySet:
        place = self._keys_url or fetched_description(self._issuer)["jwks_uri"]
        found = requests.get(place, timeout=FETCH_SECONDS)
        found.raise_for_status()
        keys = [key for one in found.json()["keys"] if (key := _imported(one)) is not None]
        if not keys:
            raise ValueError("no usable key")
        return KeySet(keys)


def fetched_description(issuer: str) -> dict[str, Any]:
    """Return what an issuer says of itself (OpenID Connect Discovery)."""
    place = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    described = requests.get(place, timeout=FETCH_SECONDS)
    described.raise_for_status()
    found = described.json()
    if not isinstance(found, dict):
        raise TypeError("an issuer's description is an object")
    return found


def _imported(key: dict[str, Any]) -> Any:  # noqa: ANN401 - of joserfc
    """Return a key; one of a kind that nobody here knows is left out, and harms no other."""
    try:
        return JWKRegistry.import_key(json.loads(json.dumps(key)))
    except (JoseError, ValueError, KeyError, TypeError):
        return None
