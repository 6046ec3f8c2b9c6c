"""What kind of failure a message of BigQuery or dbt is, and whether to try again. Data, no logic.

Sources: the retry predicates of google-cloud-bigquery 3.47 (`retry.py`), BigQuery's pages "Error
messages" and "Troubleshoot quota errors", and the messages that dbt-bigquery 1.12.1 passes on.
A leading HTTP code says nothing: the client maps reasons that it does not know to 500, so that a
cost cap arrives as "500 ...". The reason decides, then the text.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class ErrorClass(StrEnum):
    """What a failure is, as far as trying again is concerned."""

    TRANSIENT = "transient"
    CONFLICT = "conflict"
    QUOTA = "quota"
    COST_CAP = "cost_cap"
    PERMANENT = "permanent"
    DATA = "data"
    UNKNOWN = "unknown"
    INTERRUPTED = "interrupted"


# Times that a node of a class may be tried again; None: as the settings say.
RETRIES: Final[dict[ErrorClass, int | None]] = {
    ErrorClass.TRANSIENT: None,
    ErrorClass.CONFLICT: None,
    ErrorClass.QUOTA: 1,
    ErrorClass.COST_CAP: 0,
    ErrorClass.PERMANENT: 0,
    ErrorClass.DATA: 0,
    ErrorClass.UNKNOWN: 1,
    ErrorClass.INTERRUPTED: 0,
}

# BigQuery's `reason` of an error.
BY_REASON: Final[dict[str, ErrorClass]] = {
    "backendError": ErrorClass.TRANSIENT,
    "internalError": ErrorClass.TRANSIENT,
    "badGateway": ErrorClass.TRANSIENT,
    "rateLimitExceeded": ErrorClass.TRANSIENT,
    "jobBackendError": ErrorClass.TRANSIENT,
    "jobInternalError": ErrorClass.TRANSIENT,
    "jobRateLimitExceeded": ErrorClass.TRANSIENT,
    "tableUnavailable": ErrorClass.TRANSIENT,
    "stopped": ErrorClass.TRANSIENT,
    "timeout": ErrorClass.TRANSIENT,
    "quotaExceeded": ErrorClass.QUOTA,
    "bytesBilledLimitExceeded": ErrorClass.COST_CAP,
    "billingTierLimitExceeded": ErrorClass.COST_CAP,
    "resourcesExceeded": ErrorClass.PERMANENT,
    "responseTooLarge": ErrorClass.PERMANENT,
    "invalid": ErrorClass.PERMANENT,
    "invalidQuery": ErrorClass.PERMANENT,
    "notFound": ErrorClass.PERMANENT,
    "accessDenied": ErrorClass.PERMANENT,
    "billingNotEnabled": ErrorClass.PERMANENT,
    "policyViolation": ErrorClass.PERMANENT,
    "blocked": ErrorClass.PERMANENT,
    "duplicate": ErrorClass.UNKNOWN,
}

REASON: Final = re.compile(r"\breason: (\w+)")

# These arrive with the reason invalidQuery, or with none.
BEFORE_REASON: Final = (
    (re.compile(r"could not serialize access", re.IGNORECASE), ErrorClass.CONFLICT),
    (re.compile(r"aborted due to concurrent update", re.IGNORECASE), ErrorClass.CONFLICT),
)

# Tried in this order: a text may hold the words of several.
BY_TEXT: Final[tuple[tuple[re.Pattern[str], ErrorClass], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), error_class)
    for pattern, error_class in (
        (r"bytes billed|billing tier", ErrorClass.COST_CAP),
        (r"resources exceeded|not enough resources for query planning", ErrorClass.PERMANENT),
        (r"access denied|permission denied|does not have .* permission", ErrorClass.PERMANENT),
        (r"invalid_grant|could not automatically determine credentials", ErrorClass.PERMANENT),
        (r"certificate verify failed", ErrorClass.PERMANENT),
        (r"response too large|billing has not been enabled", ErrorClass.PERMANENT),
        (r"quota ?exceeded|exceeded quota", ErrorClass.QUOTA),
        (r"exceeded rate limits|too many requests|\b429\b", ErrorClass.TRANSIENT),
        (r"connection (aborted|reset|refused|error)|remote end closed", ErrorClass.TRANSIENT),
        (r"connectionerror|max retries exceeded|chunkedencodingerror", ErrorClass.TRANSIENT),
        (r"read timed out|timed out|deadline|timeout of", ErrorClass.TRANSIENT),
        (r"\b50[234]\b|service unavailable|bad gateway", ErrorClass.TRANSIENT),
        # dbt heads its own failures with "Internal Error": those do not pass.
        (r"try again|retrying the job|backend error", ErrorClass.TRANSIENT),
        (r"an internal error occurred|internal error during", ErrorClass.TRANSIENT),
        (r"syntax error|unrecognized name|not found:|compilation error", ErrorClass.PERMANENT),
        (r"no matching signature|invalid (value|cast)|bad \w+ value", ErrorClass.PERMANENT),
        (r"division by zero|overflow|contract", ErrorClass.PERMANENT),
    )
)
