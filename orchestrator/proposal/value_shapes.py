"""What one value looks like: an e-mail address, a telephone number, a date, a postcode."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

EMAIL: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}")
WEB: Final = re.compile(
    r"(?:https?://)?(?:[a-z0-9à-ÿ](?:[a-z0-9à-ÿ-]*[a-z0-9à-ÿ])?\.)+[a-z]{2,}(?:[/?#]\S*)?",
    re.IGNORECASE,
)
PHONE: Final = re.compile(
    r"(?:tel\.?:? ?)?\+?[\d\s().\-/\u00a0]{6,}(?:(?:x|ext\.?|#) ?\d{1,6})?", re.IGNORECASE
)
DECIMAL: Final = re.compile(r"-?\d+[.,]\d{1,2}|-?\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?")
NUMBER: Final = re.compile(r"[-+]?[\d.,\s]*\d(?:\s?[%€$£])?")
ISO_DATE: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
OTHER_DATE: Final = re.compile(
    r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?:[T ,]+\d{1,2}:\d{2}.*)?"
)
WORD_DATE: Final = re.compile(
    r"(?:\d{1,2}\.?[ -][^\W\d_]{3,9}\.?,?[ -]\d{2,4}|[^\W\d_]{3,9} \d{1,2},? \d{4}).*"
)
# As in a register; elsewhere eight digits are anything.
COMPACT_DATE: Final = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
STAMP: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
HOUSE_NUMBER: Final = re.compile(
    r"\d{1,5}\s?[a-z]{0,3}(?:\s?[-/]\s?\d{0,5}\s?[a-z]?)?", re.IGNORECASE
)
# A word, and a number behind it or in front.
STREET: Final = re.compile(
    r"(?=.*[^\W\d_]{2})"
    r"(?:.*\D\d+\s?[a-z]?(?:\s?[-/]\s?\d+\w?)?|\d+\w?(?:[-/]\d+\w?)?[ ,]+\S.*)",
    re.IGNORECASE,
)
# `Springfield, IL 62701`, `10115 Berlin`: no street in it.
PLACE_LINE: Final = re.compile(r"[^\d]+,? \d{4,5}(?:-\d{3,4})?|(?:[A-Z]-)?\d{5} [^\d]+")
CODE: Final = re.compile(r"(?=.*\d)[\w./ -]{3,40}")
FLAGS: Final = frozenset(
    {
        *("true", "false", "yes", "no", "y", "n", "t", "f", "0", "1", "on", "off", "x", "-"),
        *("ja", "nein", "nee", "oui", "non", "si", "sí", "sim", "não", "tak", "nie"),
    }
)
# Where the shape of a postcode says which country it is of, the most particular first.
POSTCODES: Final = tuple(
    (region, re.compile(pattern, re.IGNORECASE))
    for region, pattern in (
        ("GB", r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"),
        ("CA", r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d"),
        ("NL", r"\d{4} ?[A-Z]{2}"),
        ("IE", r"[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4}"),
        ("PL", r"\d{2}-\d{3}"),
        ("PT", r"\d{4}-\d{3}"),
        ("BR", r"\d{5}-\d{3}"),
        ("JP", r"\d{3}-\d{4}"),
        ("SE", r"\d{3} \d{2}"),
        ("US", r"\d{5}-\d{4}"),
        ("", r"(?:[A-Z]{1,2}-)?\d{4,6}|\d{8}"),
    )
)
OLDEST: Final = 1900
LEAST_PHONE_DIGITS: Final = 6
MOST_PHONE_DIGITS: Final = 15
MONTHS: Final = 12
DAYS: Final = 31


def is_email(value: str) -> bool:
    """Say whether a value is an e-mail address, or several."""
    parts = [part for part in re.split(r"[;,|\s]+", value.strip()) if part]
    return bool(parts) and all(EMAIL.fullmatch(part) for part in parts)


def is_phone(value: str) -> bool:
    """Say whether a value can be a telephone number, or several."""
    return all(_is_one_phone(part.strip()) for part in re.split(r"[;|\r\n]+", value.strip()))


def _is_one_phone(value: str) -> bool:
    digits = sum(letter.isdigit() for letter in value)
    return (
        LEAST_PHONE_DIGITS <= digits <= MOST_PHONE_DIGITS
        and PHONE.fullmatch(value) is not None
        and DECIMAL.fullmatch(value) is None
        and date_parts(value) is None
    )


def looks_dialled(value: str) -> bool:
    """Say whether a value can hardly be anything but a telephone number."""
    return value.lstrip().startswith(("+", "(", "00")) and is_phone(value)


def is_web(value: str) -> bool:
    """Say whether a value is an address in the web, or a domain."""
    return WEB.fullmatch(value.strip()) is not None


def is_place_line(value: str) -> bool:
    """Say whether a value is a city with its postcode."""
    return PLACE_LINE.fullmatch(value.strip()) is not None


def postcode_region(value: str) -> str | None:
    """Return the country of a postcode; empty where several have such ones, None for none."""
    for region, pattern in POSTCODES:
        if pattern.fullmatch(value.strip()):
            return region
    return None


def date_parts(value: str) -> tuple[str, int, int, int] | None:
    """Return the order that a date proves (`ymd`, `dmy`, `mdy` or empty), and its three numbers."""
    text = value.strip()
    found = ISO_DATE.fullmatch(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
        return ("ymd", year, month, day) if month <= MONTHS and day <= DAYS else None
    found = OTHER_DATE.fullmatch(text)
    if not found:
        return None
    first, second, year = (int(part) for part in found.groups())
    if min(first, second) < 1 or max(first, second) > DAYS or min(first, second) > MONTHS:
        return None
    if first > MONTHS:
        return "dmy", year, second, first
    if second > MONTHS:
        return "mdy", year, first, second
    return "", year, second, first


def is_date(value: str) -> bool:
    """Say whether a value is a date, with or without a time."""
    return date_parts(value) is not None or WORD_DATE.fullmatch(value.strip()) is not None


def is_birth_date(value: str) -> bool:
    """Say whether a value is a date with the year of somebody who lives, or lived."""
    text = value.strip()
    if COMPACT_DATE.fullmatch(text) or WORD_DATE.fullmatch(text):
        return True
    parts = date_parts(text)
    return parts is not None and (parts[1] < 100 or OLDEST <= parts[1] <= datetime.now(UTC).year)
