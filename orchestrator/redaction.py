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

# A word and its quoted name: what dbt, BigQuery and DuckDB say about their own things.
_IDENTIFIER: Final = r"[A-Za-z_./~][\w./$-]*"
_OWN_NAME: Final = (
    r"\b(?:named|model|macro|source|seed|snapshot|node|table|view|dataset|schema|column|columns"
    r"|field|function|project|package|option|profile|target|file|folder|encoding|variable|setting"
    r"|type|identifier|alias|near|command|column name|did you mean)"
    rf"\s+(?P<mark>['\"]){_IDENTIFIER}(?P=mark)(?:\.(?P=mark){_IDENTIFIER}(?P=mark))*(?!\w)"
    # Names that would have been right, one after the other.
    rf"|\b(?:candidate bindings|candidates|did you mean|use|bindings|perhaps you meant): ?"
    rf"(?:\"{_IDENTIFIER}\"(?:, |,| or )?)+"
    # The name of a table, each part of it in quotes.
    rf"|\"{_IDENTIFIER}\"(?:\.\"{_IDENTIFIER}\")+"
    # What the parser expected is a piece of SQL: a mark or a word of the language.
    r"|\b(?:expected|got|keyword|near)\s+\"[^\w\s\"]{1,3}\""
    rf"|(?P<quote>['\"]){_IDENTIFIER}(?P=quote)(?= is undefined)"
    r"|\bFile \"[^\"\n]+\", line \d+"
    # What to type next, with an option or the id of a run.
    r"|'concord (?:alerts|backup|compare|dbt|decide|demo|diff|explain|forget|health|history|init"
    r"|load|models|new|plan|promote|report|resolve|restore|retention|retry|run|serve|settings|show"
    r"|snapshot|train|unload|warehouse)"
    r"(?: --[a-z-]+| \d{8}t\d{6}z-[0-9a-f]{6})*'"
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
    r"|\b(?:bad|invalid|could not|cannot|failed to)\b(?! be used:)(?:\s+\w+){1,5}:\s+)"
    # What a model of Concord refuses by error() is its own text.
    r"(?!<value>|Concord refuses: )\S[^\n]*?(?=\s+at \[\d+:\d+\]|; reason: |\s*$|\n)"
)
_DATA: Final = re.compile(
    f"(?P<kept>{_OWN_NAME}|`[^`\n]*`)|(?P<quoted>{_QUOTED})|{_AFTER_COLON}",
    re.IGNORECASE | re.MULTILINE,
)
# The limit keeps long texts without a space from taking the square of their length.
_EMAIL: Final = re.compile(
    r"[^\s@<>\"(),:;\[\]\\]{1,256}(?:@|\uff20|%40)[^\s@<>\"'`(),;]+", re.IGNORECASE
)
# Numbers that count something, times and ids may be long.
_PHONE: Final = re.compile(
    r"(?P<kept>`[^`\n]*`"
    r"|\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?!\d)"
    # The log's times.
    r"|(?<![\w.:+])\d\d:\d\d:\d\d(?:[.,]\d+)?(?![\d:])"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b\d+(?:\.\d+)?(?= (?:bytes|rows|or higher|slot))"
    # A duration has fewer digits than a number that can be dialled.
    r"|\b\d{1,6}(?:\.\d+)?(?= (?:ms\b|s\b|seconds))"
    r"|\bbytes billed: \d+)"
    r"|(?<![\w.\-])\+?\(?\d[\d ().\-/\u00a0]{4,}\d(?!\w)",
    re.IGNORECASE,
)


# DuckDB shows the line of the statement, and below it a mark under what it did not understand.
_POINTED_AT: Final = re.compile(r"^(?P<line> *LINE \d+: .*)\n(?P<blank> *)\^", re.MULTILINE)


def redact(text: str) -> str:
    """Return a text without values of data."""
    # A mark in a line that gets shorter would point at something else.
    return _masked(_POINTED_AT.sub(_with_mark, text))


def _with_mark(match: re.Match[str]) -> str:
    line, column = match["line"], len(match["blank"])
    shift = len(_masked(line[:column])) - len(line[:column])
    return f"{_masked(line)}\n{' ' * max(0, column + shift)}^"


def _masked(text: str) -> str:
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
