"""Masks values of data in texts that others wrote: messages of BigQuery, dbt and Python.

E-mail addresses, telephone numbers, quoted literals and what an error names as the bad value go;
names of tables, columns and functions, and the structure of SQL, stay readable. A name of a person
in the middle of a sentence cannot be told from other words: that is why literals go as a whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

EMAIL: Final = "<email>"
PHONE: Final = "<phone>"
VALUE: Final = "<value>"

LEAST_DIGITS: Final = 7
LONGEST_CHAIN: Final = 20

# A word and its quoted name: what dbt and BigQuery say about their own things.
_OWN_NAME: Final = (
    r"\b(?:named|model|macro|source|seed|snapshot|node|table|dataset|column|field|function|project"
    r"|package|option|profile|target)\s+(?P<mark>['\"])[A-Za-z_][\w.\-]*(?P=mark)(?!\w)"
    r"|\bFile \"[^\"\n]+\", line \d+"
)
# An opening quote follows no letter and no mask: the one of "doesn't" opens nothing. Without a
# closing one the line goes to its end.
_OPENING: Final = f"(?<![\\w`])(?<!{EMAIL})(?<!{PHONE})(?<!{VALUE})"
_QUOTED: Final = "|".join(
    rf"{_OPENING}{mark}(?:[\s\S]*?(?<!\\){mark}(?!\w)|[^\n]*)" for mark in ("'", '"')
)
# "Bad int64 value: Jane at [3:4]" and its like.
_AFTER_COLON: Final = (
    r"(?P<intro>\b(?:value|values|string|literal|input|key|got|(?<!not )found|last read)\s?[:=]\s*"
    r"|\b(?:bad|invalid|could not|cannot|failed to)\b(?:\s+\w+){1,5}:\s+)"
    r"(?!<value>)\S[^\n]*?(?=\s+at \[\d+:\d+\]|; reason: |\s*$|\n)"
)
_DATA: Final = re.compile(
    f"(?P<kept>{_OWN_NAME}|`[^`\n]*`)|(?P<quoted>{_QUOTED})|{_AFTER_COLON}",
    re.IGNORECASE | re.MULTILINE,
)
# The limit keeps long texts without a blank from taking the square of their length.
_EMAIL: Final = re.compile(
    r"[^\s@<>\"(),:;\[\]\\]{1,256}(?:@|\uff20|%40)[^\s@<>\"'`(),;]+", re.IGNORECASE
)
# Numbers that count something, times and ids may be long.
_PHONE: Final = re.compile(
    r"(?P<kept>`[^`\n]*`"
    r"|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?!\d)"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b\d+(?= (?:bytes|rows|or higher|slot|ms\b|seconds))"
    r"|\bbytes billed: \d+)"
    r"|(?<![\w.\-])\+?\(?\d[\d ().\-/\u00a0]{4,}\d(?!\w)",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Return a text without values of data."""
    # A mask can leave a quote alone that opens something only now.
    for _ in range(LONGEST_CHAIN):
        before = text
        text = _DATA.sub(_without_literal, text)
        text = _EMAIL.sub(EMAIL, text)
        text = _PHONE.sub(_without_phone, text)
        if text == before:
            break
    return text


def redact_file(path: Path) -> None:
    """Mask the values in a file that others wrote; one that cannot be rewritten is removed."""
    if not path.is_file():
        return
    masked = path.with_suffix(".masked")
    try:
        masked.write_text(redact(path.read_text(encoding="utf-8", errors="replace")), "utf-8")
        masked.replace(path)
    except OSError:
        masked.unlink(missing_ok=True)
        path.unlink(missing_ok=True)


def _without_literal(match: re.Match[str]) -> str:
    if match["kept"]:
        return match[0]
    return (match["intro"] or "") + VALUE


def _without_phone(match: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in match[0])
    return match[0] if match["kept"] or digits < LEAST_DIGITS else PHONE
