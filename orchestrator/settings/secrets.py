"""Secrets that Secret Manager keeps. A setting names one as `secret://NAME`."""

from __future__ import annotations

import time
from threading import Condition
from typing import TYPE_CHECKING, Final

from cachetools import TTLCache, cached

from orchestrator.bigquery.credentials import google_credentials
from orchestrator.bigquery.errors_in_words import as_concord_error, short_text
from orchestrator.errors import (
    ConcordError,
    ConfigurationError,
    LoginRefused,
    WarehouseUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud.secretmanager import SecretManagerServiceClient
    from pydantic import SecretStr

    from orchestrator.settings.values import Settings

SCHEME: Final = "secret://"
KEPT: Final = 100
REQUEST_SECONDS: Final = 10.0


class SecretReader:
    """Reads secrets and keeps each for a while, so that a rotation is soon noticed."""

    def __init__(
        self,
        settings: Settings,
        client: SecretManagerServiceClient | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._client = client
        self._cache: TTLCache[str, str] = TTLCache(KEPT, settings.api.secret_ttl_seconds, timer)
        # With a condition, threads that want the same secret wait for one request.
        self._condition = Condition()
        self._read = cached(self._cache, key=str, condition=self._condition)(self._request)

    def resolve(self, value: SecretStr | str) -> str:
        """Return the secret that a value names, or the value itself when it names none."""
        text = value if isinstance(value, str) else value.get_secret_value()
        return self._read(self._full_name(text)) if text.startswith(SCHEME) else text

    def refresh(self, value: SecretStr | str) -> str:
        """Read the secret anew: call it when the old one was refused (401 or 403)."""
        text = value if isinstance(value, str) else value.get_secret_value()
        if text.startswith(SCHEME):
            with self._condition:
                self._cache.pop(self._full_name(text), None)
        return self.resolve(text)

    def _full_name(self, text: str) -> str:
        """Complete `NAME`, `NAME/versions/N` or `projects/P/secrets/NAME`."""
        name = text.removeprefix(SCHEME).strip("/")
        if not name.startswith("projects/"):
            name = f"projects/{self._settings.project}/secrets/{name}"
        return name if "/versions/" in name else f"{name}/versions/latest"

    @property
    def client(self) -> SecretManagerServiceClient:
        """Return the client of Secret Manager, made when it is first needed."""
        if self._client is None:
            from google.cloud.secretmanager import SecretManagerServiceClient

            self._client = SecretManagerServiceClient(
                credentials=google_credentials(self._settings)
            )
        return self._client

    def _request(self, name: str) -> str:
        try:
            answer = self.client.access_secret_version(name=name, timeout=REQUEST_SECONDS)
        except Exception as error:
            known = as_concord_error(error)
            if known is None:
                raise
            raise _of_secret(name, known, short_text(error)) from error
        # A secret made with `echo` ends with a line break that nobody wanted.
        return answer.payload.data.decode("utf-8").rstrip("\r\n")


def _of_secret(name: str, known: ConcordError, text: str) -> ConcordError:
    if isinstance(known, WarehouseUnavailable):
        message = f"Secret Manager did not answer for {name}: {text}"
        return WarehouseUnavailable(message, known.what_to_do)
    if isinstance(known, LoginRefused):
        return LoginRefused(f"the secret {name} cannot be read: {known.message}", known.what_to_do)
    return ConfigurationError(
        f"the secret {name} cannot be read: {text}",
        "create it or enable its version, and grant roles/secretmanager.secretAccessor on it",
    )
