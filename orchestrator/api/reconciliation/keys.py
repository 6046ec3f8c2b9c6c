"""Keys that stand in an address: OpenRefine sends no header, so its address has to let it in.

A key is its maker's, with the role that they had then. It lives half a day, in memory alone, and
only its hash is kept.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cachetools import TTLCache

from orchestrator.api.callers import ADMIN
from orchestrator.api.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.api.callers import Caller

KEY_SECONDS: Final = 12 * 3600.0
MOST_KEYS: Final = 10_000
MOST_OF_ONE: Final = 10


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key as it is kept: by its hash. `key_id` is no secret."""

    key_id: str
    caller: Caller
    expires_at: datetime


class ReconcileKeys:
    """The keys of a service that runs; none outlives it."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        """Know none yet; `timer` counts the seconds that keys live."""
        self._kept: TTLCache[str, KeptKey] = TTLCache(MOST_KEYS, KEY_SECONDS, timer)
        self._guard = threading.Lock()

    def make(self, caller: Caller) -> tuple[str, KeptKey]:
        """Return a new key and what is kept of it; the oldest of too many of one caller goes."""
        secret = secrets.token_urlsafe(32)
        expires_at = datetime.now(UTC) + timedelta(seconds=KEY_SECONDS)
        kept = KeptKey(secrets.token_hex(8), caller, expires_at.replace(microsecond=0))
        with self._guard:
            own = [name for name, one in self._kept.items() if one.caller.subject == caller.subject]
            for name in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
                del self._kept[name]
            self._kept[_hashed(secret)] = kept
        return secret, kept

    def caller(self, secret: str) -> Caller:
        """Return whose key it is; refuse one that is made up, revoked or too old."""
        with self._guard:
            found = self._kept.get(_hashed(secret))
        if found is None:
            raise Refusal("not_signed_in", "this key is not known, or no longer: make a new one")
        return found.caller

    def revoke(self, caller: Caller, key_id: str) -> None:
        """Let a key open nothing any more; only its maker and admins may say so."""
        with self._guard:
            for name, one in list(self._kept.items()):
                is_theirs = one.caller.subject == caller.subject or caller.may(ADMIN)
                if one.key_id == key_id and is_theirs:
                    del self._kept[name]
                    return
        raise Refusal("unknown_id", "there is no such key of yours")

    def of(self, caller: Caller) -> list[KeptKey]:
        """Return the keys of a caller, the oldest first."""
        with self._guard:
            return [one for one in self._kept.values() if one.caller.subject == caller.subject]


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
