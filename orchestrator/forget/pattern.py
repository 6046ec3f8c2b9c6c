"""One regular expression (RE2) that finds a person's addresses, numbers and ids in any text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.forget.data_subject import DataSubject

# What may stand before and after; a row as JSON has \n for a line break.
BEFORE_EMAIL: Final = r"(?:^|[^a-z0-9._%+\-]|\\[bfnrt])"
AFTER_EMAIL: Final = r"(?:$|[^a-z0-9.\-]|\.(?:$|[^a-z0-9]))"
BEFORE_NUMBER: Final = r"(?:^|[^0-9])"
AFTER_NUMBER: Final = r"(?:$|[^0-9])"
BETWEEN_DIGITS: Final = r"[\s().\-/]*"
# A shorter id may stand for anything.
SHORTEST_ID: Final = 6
NEVER: Final = "a^"


def pattern_of(person: DataSubject) -> str:
    """Return the pattern for rows as JSON; it matches nothing when the person has no keys.

    Ids count where they stand alone between signs that are neither letters nor digits, for ids in
    other rows refer to the person, and lines that were rejected hold them in any form.
    """
    emails = {email.lower() for email in (*person.emails, *person.spellings) if "@" in email}
    numbers = {text for text in person.spellings if "@" not in text}
    ids = (_without_suffix(record.source, record.source_id) for record in person.records)
    parts = [
        *_parts(_escaped(emails), f"(?i:{BEFORE_EMAIL}", f"{AFTER_EMAIL})"),
        *_parts(_escaped(numbers), BEFORE_NUMBER, AFTER_NUMBER),
        *_parts(map(_digits, person.phones), BEFORE_NUMBER, AFTER_NUMBER),
        *_parts(filter(None, ids), r"(?:^|[^A-Za-z0-9])", r"(?:$|[^A-Za-z0-9])"),
    ]
    return "|".join(parts) or NEVER


def record_pattern_of(person: DataSubject) -> str:
    """Return the pattern of what must be nowhere afterwards: record ids and addresses, in JSON."""
    emails = {email.lower() for email in person.emails}
    parts = [
        *_parts((re.escape(f'"{one}"') for one in person.record_ids), "", ""),
        *_parts(_escaped(emails), f"(?i:{BEFORE_EMAIL}", f"{AFTER_EMAIL})"),
    ]
    return "|".join(parts) or NEVER


def _parts(alternatives: Iterable[str], before: str, after: str) -> list[str]:
    joined = "|".join(sorted(alternatives))
    return [f"{before}(?:{joined}){after}"] if joined else []


def _escaped(texts: Iterable[str]) -> list[str]:
    return [re.escape(text) for text in texts]


def _digits(phone: str) -> str:
    """Return a pattern of all digits of a number, however they are grouped."""
    return BETWEEN_DIGITS.join(re.sub(r"\D", "", phone))


def _without_suffix(source: str, source_id: str) -> str:
    """Return the pattern of an id that is long enough to mean nothing else.

    Of Salesforce's ids the first 15 characters are the id; exports have three more.
    """
    if source == "salesforce" and len(source_id) >= LENGTH_OF_SALESFORCE_ID:
        return f"{re.escape(source_id[:LENGTH_OF_SALESFORCE_ID])}(?:[A-Za-z0-9]{{3}})?"
    is_number = source_id.isdigit()
    return "" if is_number or len(source_id) < SHORTEST_ID else re.escape(source_id)


LENGTH_OF_SALESFORCE_ID: Final = 15
