"""Secrets that Secret Manager keeps. A setting names one as `secret://NAME`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.credentials import google_credentials
from orchestrator.bigquery.errors_in_words import as_concord_error, short_text
from orchestrator.errors import (
    ConcordError,
    ConfigurationError,
    LoginRefused,
    WarehouseUnavailable,
)

if TYPE_CHECKING:
    from orchestrator.settings.values import Settings

SCHEME: Final = "secret://"
REQUEST_SECONDS: Final = 10.0


def read_secret(settings: Settings, value: str) -> str:
    """Return the secret that a value names, or the value itself when it names none."""
    if not value.startswith(SCHEME):
        return value
    from google.cloud.secretmanager import SecretManagerServiceClient

    name = _full_name(settings, value)
    try:
        client = SecretManagerServiceClient(credentials=google_credentials(settings))
        answer = client.access_secret_version(name=name, timeout=REQUEST_SECONDS)
    except Exception as error:
        known = as_concord_error(error)
        if known is None:
            raise
        raise _of_secret(name, known, short_text(error)) from error
    # A secret made with `echo` ends with a line break that nobody wanted.
    return answer.payload.data.decode("utf-8").rstrip("\r\n")


def _full_name(settings: Settings, value: str) -> str:
    """Complete `NAME`, `NAME/versions/N` or `projects/P/secrets/NAME`."""
    name = value.removeprefix(SCHEME).strip("/")
    if not name.startswith("projects/"):
        name = f"projects/{settings.project}/secrets/{name}"
    return name if "/versions/" in name else f"{name}/versions/latest"


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
