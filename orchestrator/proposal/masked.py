"""Values whose shape can be seen and nothing else: `a***@e******.com`, `+49 ** *****12`."""

from __future__ import annotations

import re
from typing import Final

from orchestrator.proposal.value_shapes import is_email, looks_dialled

LONGEST: Final = 24
# Two digits of a longer number tell nobody.
ENOUGH_DIGITS: Final = 8
KEPT_DIGITS: Final = 2
CALLING_CODE: Final = re.compile(r"\+\d{1,3}(?=[\s(./-])")
WORD: Final = re.compile(r"[^\W_]+")


def masked_value(value: str) -> str:
    """Return a value with its signs and lengths, and the first letter of its words."""
    text = " ".join(value.split())
    shown = text[:LONGEST]
    if looks_dialled(text) and len(text) <= LONGEST:
        return _phone(text)
    if is_email(text) and "@" in shown and len(text) <= 2 * LONGEST:
        local, _, domain = text.partition("@")
        name, _, ending = domain.rpartition(".")
        return f"{_words(local)[:LONGEST]}@{_words(name)[:LONGEST]}.{ending}"
    return _words(shown) + ("..." if len(text) > LONGEST else "")


def _words(text: str) -> str:
    return WORD.sub(lambda found: _word(found.group()), text)


def _word(word: str) -> str:
    # A word of one or two letters has nothing to hide behind.
    first = word[0] if len(word) > 2 and word[0].isalpha() else "*"
    return first + "*" * (len(word) - 1)


def _phone(text: str) -> str:
    code = CALLING_CODE.match(text)
    start = code.end() if code else 0
    digits = sum(letter.isdigit() for letter in text[start:])
    hidden = digits - (KEPT_DIGITS if digits >= ENOUGH_DIGITS else 0)
    letters = []
    for letter in text[start:]:
        if letter.isdigit():
            hidden -= 1
            letters.append("*" if hidden >= 0 else letter)
        else:
            letters.append(letter)
    return text[:start] + "".join(letters)
