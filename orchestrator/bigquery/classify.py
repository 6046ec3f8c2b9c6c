"""The class of a failure, by what its text says.

A message quotes the user's SQL: names, values, numbers, positions. None of them decides. What is
wrong for good is looked for first, in a text without them; only then what passes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.error_classes import (
    BEFORE_REASON,
    BY_REASON,
    BY_STATUS,
    FOR_GOOD,
    LOGIN,
    PASSING_WORDS,
    REASON,
    STATUS,
    ErrorClass,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# "Database Error in model alpha (models/alpha.sql)", and the path at the end.
_HEADING: Final = re.compile(r"^\s*(?:Database|Runtime) Error(?: in [^\n]*)?\s*(?:\n|$)")
_COMPILED: Final = re.compile(r"^\s*compiled code at [^\n]*$", re.MULTILINE)
# DuckDB shows the line of the statement and points into it.
_STATEMENT: Final = re.compile(r"^\s*LINE \d+:.*", re.MULTILINE | re.DOTALL)
_POSITION: Final = re.compile(r"\[\d+:\d+\]|\b(?:line|column|position) \d+", re.IGNORECASE)
_NAME: Final = re.compile(r"`[^`\n]*`|\"[^\"\n]*\"")
_VALUE: Final = re.compile(r"'[^'\n]*'")
# project:dataset.table, a path, an identifier with an underscore, a number.
_WORD_OF_SQL: Final = re.compile(r"[\w$-]+(?:[.:/][\w$-]+)+|\b\w*_\w*\b|\b\d+\b")


def classify(status: str, message: str) -> ErrorClass | None:
    """Return the class of a node's failure; None when it has not failed."""
    if status == "fail":
        return ErrorClass.DATA
    if status in {"error", "runtime error", "partial success"}:
        return classify_message(message)
    return None


def classify_message(message: str) -> ErrorClass:
    """Return the class of an error: for good before passing, and words before codes."""
    body = _POSITION.sub(" ", _STATEMENT.sub("", _COMPILED.sub("", _HEADING.sub("", message, 1))))
    spoken = _WORD_OF_SQL.sub(" ", _VALUE.sub(" ", _NAME.sub(" ", body)))
    found = _first(BEFORE_REASON, spoken)
    if found is None and (reason := REASON.search(body)):
        found = BY_REASON.get(reason.group(1))
    return (
        found
        or _first(FOR_GOOD, spoken)
        or _first(LOGIN, body)
        or _first(PASSING_WORDS, _NAME.sub(" ", body))
        or _by_status(body)
    )


def _first(table: Iterable[tuple[re.Pattern[str], ErrorClass]], text: str) -> ErrorClass | None:
    return next((error_class for pattern, error_class in table if pattern.search(text)), None)


def _by_status(body: str) -> ErrorClass:
    status = STATUS.match(body.lstrip())
    return BY_STATUS.get(status["code"], ErrorClass.UNKNOWN) if status else ErrorClass.UNKNOWN
