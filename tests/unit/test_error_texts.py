"""The class of an error is what its text says, whatever names, values and numbers it quotes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.bigquery.classify import classify_message
from orchestrator.bigquery.error_classes import RETRIES, ErrorClass

ROOT: Final = Path(__file__).resolve().parents[2]
HEADING: Final = "Database Error in model {name} (models/{name}.sql)\n  "
COMPILED: Final = "\n  compiled code at target/run/concord/models/{name}.sql"

# As BigQuery words them; dbt-bigquery passes these without their reason.
FOR_GOOD: Final = (
    'Syntax error: Expected ")" but got identifier "{name}" at [{line}:{column}]',
    "Syntax error: Unexpected keyword {word} at [{line}:{column}]",
    "Unrecognized name: {word} at [{line}:{column}]",
    "Unrecognized name: {word}; Did you mean {name}? at [{line}:{column}]",
    "Name {word} not found inside {name} at [{line}:{column}]",
    "Function not found: {word} at [{line}:{column}]",
    "Not found: Table concord-local:{name}.{word} was not found in location US",
    "No matching signature for operator = for argument types: INT64, {word} at [{line}:{column}]",
    "Bad int64 value: {number}",
    "Bad int64 value: {value} at [{line}:{column}]",
    "Could not cast literal '{value}' to type DATE at [{line}:{column}]",
    'Failed to parse input string "{value}"',
    "Division by zero: {number} / 0",
    "division by zero: {number} / 0 [{line}:{column}]",
    "int64 overflow: {number} + {number}",
    "Array index {number} is out of bounds",
    (
        "SELECT list expression references column {word} which is neither grouped nor aggregated "
        "at [{line}:{column}]"
    ),
    "Column name {word} is ambiguous at [{line}:{column}]",
    "Duplicate column names in the result are not supported. Found duplicate(s): {word}",
    "Scalar subquery produced more than one element",
    "UPDATE/MERGE must match at most one source row for each target row",
    (
        "Access Denied: Table concord-local:{name}.{word}: User does not have permission to query "
        "table concord-local:{name}.{word}, or perhaps it does not exist."
    ),
    "Query exceeded limit for bytes billed: {number}. {number} or higher required.",
    (
        "Resources exceeded during query execution: The query could not be executed in the "
        "allotted memory. Peak usage: {number}% of limit. Top memory consumer(s): {word}: {number}%"
    ),
    "Response too large to return. Consider specifying a destination table in your job.",
    (
        "Operation timed out after {number}.0 hours. Consider reducing the amount of work "
        "performed by your operation so that it can complete within this limit."
    ),
    "Operation did not complete within the designated timeout of {number} seconds.",
    "Job execution was cancelled: Job timed out after {number} sec",
    (
        "500 Query exceeded limit for bytes billed: {number}; reason: bytesBilledLimitExceeded, "
        "location: , message: {value}"
    ),
    # DuckDB, behind the local warehouse.
    (
        'Binder Error: Referenced column "{word}" not found in FROM clause!\n'
        'Candidate bindings: "{name}", "{word}"\n\nLINE {line}: {value}\n        ^'
    ),
    'Parser Error: syntax error at or near "{word}"\n\nLINE {line}: {value}\n   ^',
    'Catalog Error: Table with name {word} does not exist!\nDid you mean "{name}"?',
    "Conversion Error: Could not convert string '{value}' to INT64",
    "Out of Range Error: Overflow in addition of INT64 ({number} + {number})!",
    "Invalid Input Error: {value}",
    "Out of Memory Error: failed to allocate data of size {number} GiB ({number}/{number} used)",
    'Constraint Error: Duplicate key "{word}: {number}" violates primary key constraint',
)
# `reason:` of an error outlives dbt only with codes that it does not know.
PASSING: Final = (
    "503 POST https://bigquery.googleapis.com/bigquery/v2/projects/p/jobs: {word} {number}",
    "502 GET https://bigquery.googleapis.com/bigquery/v2/projects/p/queries/{name}: Bad Gateway",
    "429 POST https://bigquery.googleapis.com/x: {word}",
    "504 Deadline Exceeded",
    (
        "Exceeded rate limits: too many table update operations for concord:{name}.{word}. "
        "For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas"
    ),
    "Job exceeded rate limits: Your table exceeded quota for table update operations.",
    "Error encountered during execution. Retrying the job may solve the problem.",
    "Table is temporarily unavailable: concord-local:{name}.{word}",
    "500 An internal error occurred and the request could not be completed. Error: {number}",
    "500 {value}; reason: backendError, location: query, message: {value}",
    "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
    (
        "HTTPSConnectionPool(host='bigquery.googleapis.com', port=443): Read timed out. "
        "(read timeout={number})"
    ),
    (
        "HTTPSConnectionPool(host='bigquery.googleapis.com', port=443): Max retries exceeded with "
        "url: /bigquery/v2/projects/p/datasets/{name}/tables/{word} (Caused by NameResolutionError("
        "\"Failed to resolve 'bigquery.googleapis.com' ([Errno -3] Temporary failure in name "
        'resolution)"))'
    ),
    "Timeout of 600.0s exceeded, last exception: 503 GET https://x/{name}: {word}",
)


def words_of_sql() -> tuple[str, ...]:
    """Return every word of the SQL that the project sends."""
    paths = [
        path
        for folder in ("models", "macros", "tests/dbt")
        for path in (ROOT / folder).rglob("*.sql")
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return tuple(sorted(set(re.findall(r"[A-Za-z_]\w*", text))))


def lines_of_sql() -> tuple[str, ...]:
    """Return the lines of the longest models, without quotes: those end a quoted value."""
    paths = sorted((ROOT / "models").rglob("*.sql"), key=lambda path: -path.stat().st_size)[:20]
    lines = [line.strip() for path in paths for line in path.read_text("utf-8").splitlines()]
    return tuple(sorted({re.sub(r"[\"'`{}]", " ", line) for line in lines if line}))


# What looks like a reason to try again comes up often.
TRAPS: Final = ("deadline", "timeout", "timed_out", "connectionerror", "unavailable", "quota")
WORDS: Final = st.one_of(st.sampled_from(TRAPS), st.sampled_from(words_of_sql()))
NUMBERS: Final = st.one_of(
    st.sampled_from((408, 429, 500, 502, 503, 504)), st.integers(min_value=1, max_value=10**12)
)
FILLED: Final = st.fixed_dictionaries(
    {
        "name": WORDS,
        "word": WORDS,
        "value": st.one_of(NUMBERS.map(str), WORDS, st.sampled_from(lines_of_sql())),
        "number": NUMBERS,
        "line": NUMBERS,
        "column": NUMBERS,
    }
)


@pytest.mark.parametrize("text", FOR_GOOD)
@given(filled=FILLED)
def test_what_is_wrong_for_good_is_never_tried_again(text: str, filled: dict[str, object]) -> None:
    for message in (text, HEADING + text + COMPILED):
        found = classify_message(message.format_map(filled))
        assert RETRIES[found] == 0, message.format_map(filled)


@pytest.mark.parametrize("text", PASSING)
@given(filled=FILLED)
def test_what_passes_stays_passing(text: str, filled: dict[str, object]) -> None:
    for message in (text, HEADING + text + COMPILED):
        assert classify_message(message.format_map(filled)) is ErrorClass.TRANSIENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Unrecognized name: foo at [429:17]", ErrorClass.PERMANENT),
        ("the answer is 503", ErrorClass.UNKNOWN),
        ("the column deadline is odd", ErrorClass.UNKNOWN),
        ("Quota exceeded: Your table exceeded quota for imports per table.", ErrorClass.QUOTA),
        ("Database Error in model deadline (models/504.sql)\n  odd", ErrorClass.UNKNOWN),
        ("('invalid_grant: Bad Request', {'error': 'invalid_grant'})", ErrorClass.LOGIN),
        (
            (
                "Unable to generate access token, if you're using impersonate_service_account, "
                "make sure your initial account has the role on the account you are trying to "
                "impersonate."
                "\n\nReauthentication is needed. Please run `gcloud auth application-default login`"
            ),
            ErrorClass.LOGIN,
        ),
        (
            (
                "HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: / "
                "(Caused by SSLError(SSLCertVerificationError(1, 'certificate verify failed')))"
            ),
            ErrorClass.PERMANENT,
        ),
        ("TransactionContext Error: write-write conflict on table alpha", ErrorClass.CONFLICT),
        ("Operation timed out after 6.0 hours.", ErrorClass.JOB_TIMEOUT),
        ("401 GET https://x: Request had invalid authentication credentials", ErrorClass.LOGIN),
        ("INTERNAL Error: this should not happen", ErrorClass.UNKNOWN),
    ],
)
def test_words_that_are_told_apart(text: str, expected: ErrorClass) -> None:
    assert classify_message(text) is expected
