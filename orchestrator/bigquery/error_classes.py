"""What kind of failure a message of BigQuery or dbt is, and whether to try again. Data, no logic.

Sources: the retry predicates of google-cloud-bigquery 3.47 (`retry.py`), BigQuery's pages "Error
messages" and "Troubleshoot quota errors", DuckDB's exception types, and what dbt-bigquery 1.12.1
passes on: of a refused, forbidden or missing thing only the message, without code and reason; of
everything else the exception as a text, which begins with an HTTP code and may hold the reason.
The client maps reasons that it does not know to 500: that code says nothing.
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
    JOB_TIMEOUT = "job_timeout"
    LOGIN = "login"
    PERMANENT = "permanent"
    DATA = "data"
    UNKNOWN = "unknown"


# What waiting mends.
PASSING: Final = frozenset({ErrorClass.TRANSIENT, ErrorClass.CONFLICT, ErrorClass.QUOTA})

# Times that a node of a class may be tried again; None: as the settings say.
RETRIES: Final[dict[ErrorClass, int | None]] = {
    ErrorClass.TRANSIENT: None,
    ErrorClass.CONFLICT: None,
    ErrorClass.QUOTA: 1,
    ErrorClass.COST_CAP: 0,
    # Once more, it would take as long once more.
    ErrorClass.JOB_TIMEOUT: 0,
    ErrorClass.LOGIN: 0,
    ErrorClass.PERMANENT: 0,
    ErrorClass.DATA: 0,
    ErrorClass.UNKNOWN: 1,
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


def _table(
    *rows: tuple[str, ErrorClass], flags: int = re.IGNORECASE
) -> tuple[tuple[re.Pattern[str], ErrorClass], ...]:
    return tuple((re.compile(pattern, flags), error_class) for pattern, error_class in rows)


# These arrive with a reason that says something else, or with none.
BEFORE_REASON: Final = _table(
    (r"could not serialize access", ErrorClass.CONFLICT),
    (r"aborted due to concurrent update", ErrorClass.CONFLICT),
    (r"write-write conflict|conflict on (update|tuple deletion)", ErrorClass.CONFLICT),
    (r"operation timed out after", ErrorClass.JOB_TIMEOUT),
    (r"job (execution )?timed out|job timeout", ErrorClass.JOB_TIMEOUT),
    (r"did not complete within the designated timeout", ErrorClass.JOB_TIMEOUT),
)

# What a statement, a right or the data are to blame for. Matched without names, values, numbers
# and positions, and before everything that passes: of the words in such an error, those of the
# user's SQL come first to mind.
FOR_GOOD: Final = _table(
    (r"limit for bytes billed|billing tier", ErrorClass.COST_CAP),
    (r"resources exceeded|not enough resources for query planning", ErrorClass.PERMANENT),
    (r"query (is )?too (large|complex)|too many (subqueries|partitions)", ErrorClass.PERMANENT),
    (r"access denied|permission\b.*\bdenied|does not have\b.*\bpermission", ErrorClass.PERMANENT),
    (r"request is prohibited by organization", ErrorClass.PERMANENT),
    (r"response too large|billing has not been enabled", ErrorClass.PERMANENT),
    (r"(syntax|compilation|parsing|dependency) error", ErrorClass.PERMANENT),
    (r"illegal (escape|input)|unclosed|unexpected end of", ErrorClass.PERMANENT),
    (r"unrecognized name|\bnot found (inside|in)\b|not found:", ErrorClass.PERMANENT),
    (r"(was|is|were) not found|no such (field|struct)", ErrorClass.PERMANENT),
    (r"cannot (access|read) field|must be qualified with a dataset", ErrorClass.PERMANENT),
    (r"no matching signature|invalid (value|cast|argument|date|time)", ErrorClass.PERMANENT),
    (r"(bad|invalid) \w+ value|could not (cast|parse|convert)", ErrorClass.PERMANENT),
    (r"failed to (parse|cast|convert) |out of (bounds|range)", ErrorClass.PERMANENT),
    (r"division by zero|\w+ overflow\b|overflow (in|error)", ErrorClass.PERMANENT),
    (r"neither grouped nor aggregated|aggregate function", ErrorClass.PERMANENT),
    (r"no common supertype|incompatible types?|type mismatch", ErrorClass.PERMANENT),
    (r"cannot be (coerced|assigned|cast|used)|cannot (coerce|cast|convert)", ErrorClass.PERMANENT),
    (r"column name .* is ambiguous|ambiguous (reference|column|name)", ErrorClass.PERMANENT),
    (r"duplicate (column|field)|(column|field)s? .*already exists", ErrorClass.PERMANENT),
    (r"wrong column count|mismatched column count|does not match", ErrorClass.PERMANENT),
    (r"produced more than one element|at most one source row", ErrorClass.PERMANENT),
    (r"correlated subquer|equality of fields from both sides", ErrorClass.PERMANENT),
    (r"required (field|column)|null value|cannot be null", ErrorClass.PERMANENT),
    (r"(is|are) not (supported|allowed|implemented)|unsupported", ErrorClass.PERMANENT),
    (r"enforced contract|contract (error|violation|that failed)", ErrorClass.PERMANENT),
    # DuckDB's own. Its out of memory is BigQuery's "Resources exceeded".
    (r"\b(parser|binder|catalog|conversion|constraint|expression) error:", ErrorClass.PERMANENT),
    (r"\b(out of range|out of memory|invalid input|invalid type) error:", ErrorClass.PERMANENT),
    (r"\b(mismatch type|not implemented|permission|settings) error:", ErrorClass.PERMANENT),
)

# Of logins and certificates; the texts of a connection stand in quotes and brackets.
LOGIN: Final = _table(
    (r"certificate verify failed", ErrorClass.PERMANENT),
    (r"invalid_grant|reauthentication (is needed|failed)|invalid_rapt", ErrorClass.LOGIN),
    (r"could not automatically determine credentials", ErrorClass.LOGIN),
    (r"default credentials were not found|unauthorized_client", ErrorClass.LOGIN),
    (r"(invalid|anonymous) (authentication )?credentials", ErrorClass.LOGIN),
    (r"credentials do not contain the necessary fields", ErrorClass.LOGIN),
)

# What passes. Matched without positions and without names in backticks or double quotes.
PASSING_WORDS: Final = _table(
    (r"exceeded rate limits|rate limit exceeded|too many requests", ErrorClass.TRANSIENT),
    (r"quota ?exceeded|exceeded quota", ErrorClass.QUOTA),
    (r"connection (was )?(aborted|reset|refused|broken|error)", ErrorClass.TRANSIENT),
    (r"remote end closed|remotedisconnected|incompleteread", ErrorClass.TRANSIENT),
    (r"connectionerror|max retries exceeded|chunkedencodingerror", ErrorClass.TRANSIENT),
    (r"temporary failure in name resolution|broken pipe", ErrorClass.TRANSIENT),
    (r"read timed out|connect(ion)? timed out|request timed out", ErrorClass.TRANSIENT),
    (r"(timeout|deadline) of [\d.]+ ?s(econds)? exceeded|deadline exceeded", ErrorClass.TRANSIENT),
    (r"(service|temporarily|currently) unavailable|bad gateway", ErrorClass.TRANSIENT),
    # dbt heads its own failures with "Internal Error": those do not pass.
    (r"please try again|try again later|retrying the job|backend error", ErrorClass.TRANSIENT),
    (r"an internal error occurred|internal error (during|encountered)", ErrorClass.TRANSIENT),
)

# HTTP codes, where a text begins with one.
STATUS: Final = re.compile(r"(?P<code>\d{3})(?= |$)")
BY_STATUS: Final = {
    "401": ErrorClass.LOGIN,
    "408": ErrorClass.TRANSIENT,
    "429": ErrorClass.TRANSIENT,
    "502": ErrorClass.TRANSIENT,
    "503": ErrorClass.TRANSIENT,
    "504": ErrorClass.TRANSIENT,
}
