"""Puts the errors of Google's libraries and of the network into one message with what to do."""

from __future__ import annotations

from typing import Final

from orchestrator.bigquery.error_classes import BY_REASON, LOGIN, PASSING, ErrorClass
from orchestrator.errors import (
    ConcordError,
    LoginRefused,
    WarehouseRefused,
    WarehouseUnavailable,
)

LONGEST: Final = 600
TOO_MANY: Final = 429
SERVER_ERROR: Final = 500
LOG_IN: Final = (
    "log in again with 'gcloud auth application-default login', or renew the key or the grant of "
    "the service account; then run the command again"
)
WAIT: Final = "wait a little and run the command again"


def as_concord_error(error: Exception) -> ConcordError | None:
    """Return an error of Google or of the network in words for the user; None for any other."""
    if isinstance(error, ConcordError):
        return error
    text = short_text(error)
    if _is_login(error):
        return LoginRefused(f"Google does not take the login: {text}", LOG_IN)
    if _is_certificate(error):
        return WarehouseRefused(
            f"the certificate of the other side is not trusted: {text}",
            "check the proxy and the certificates of this machine (REQUESTS_CA_BUNDLE)",
        )
    if _passes(error):
        return WarehouseUnavailable(f"the warehouse did not answer: {text or 'not in time'}", WAIT)
    if _is_refusal(error):
        return WarehouseRefused(
            f"the warehouse refused: {text}",
            "check the project, the location and your rights; the settings are CONCORD_*",
        )
    return None


def short_text(error: Exception) -> str:
    """Return what an error says on one line, without the dump of a statement or of an answer."""
    said = str(getattr(error, "message", "") or error).split("Query Job SQL Follows")[0]
    text = " ".join(said.rstrip("- \n").split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _is_login(error: Exception) -> bool:
    from google.api_core.exceptions import Unauthorized
    from google.auth.exceptions import (
        DefaultCredentialsError,
        GoogleAuthError,
        RefreshError,
        ResponseError,
        TransportError,
    )
    from google.auth.exceptions import TimeoutError as TokenTimeout

    if isinstance(error, (DefaultCredentialsError, Unauthorized)):
        return True
    if isinstance(error, RefreshError):
        # The metadata server or the token endpoint may be down for a moment.
        return not error.retryable
    if isinstance(error, GoogleAuthError):
        return not isinstance(error, (TransportError, TokenTimeout, ResponseError))
    return any(
        pattern.search(str(error)) for pattern, of in LOGIN if of is ErrorClass.LOGIN
    ) and _is_refusal(error)


def _is_certificate(error: Exception) -> bool:
    import ssl

    from requests.exceptions import SSLError

    return isinstance(error, (SSLError, ssl.SSLCertVerificationError))


def _passes(error: Exception) -> bool:
    from google.api_core.exceptions import RetryError, ServerError, TooManyRequests
    from google.auth.exceptions import GoogleAuthError
    from google.resumable_media.common import InvalidResponse
    from requests.exceptions import ChunkedEncodingError, ContentDecodingError, Timeout
    from requests.exceptions import ConnectionError as NoConnectionError
    from urllib3.exceptions import HTTPError

    of_google = (ServerError, TooManyRequests, RetryError, GoogleAuthError)
    of_requests = (NoConnectionError, Timeout, ChunkedEncodingError, ContentDecodingError)
    if isinstance(error, InvalidResponse):
        status = int(error.response.status_code)
        return status == TOO_MANY or status >= SERVER_ERROR
    if isinstance(error, (*of_google, *of_requests, HTTPError, ConnectionError, TimeoutError)):
        return True
    # A quota and a limit of the rate come as 403, like a right that is missing.
    entries = getattr(error, "errors", None)
    # Errors of other libraries have an attribute of this name too, or a method.
    known = entries if isinstance(entries, (list, tuple)) else ()
    reasons = {str(entry.get("reason")) for entry in known if isinstance(entry, dict)}
    return any(BY_REASON.get(reason) in PASSING for reason in reasons)


def _is_refusal(error: Exception) -> bool:
    from google.api_core.exceptions import GoogleAPIError
    from google.resumable_media.common import InvalidResponse
    from requests.exceptions import RequestException

    return isinstance(error, (GoogleAPIError, InvalidResponse, RequestException))
