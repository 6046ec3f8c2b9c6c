"""Where two texts differ, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

WORD: Final = re.compile(r"\s+|[^\s,]+|,")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; a different one is not on the other side."""

    text: str
    is_different: bool


def marked_differences(left: str | None, right: str | None) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces. Capital letters are no difference."""
    first, second = (WORD.findall(text or "") for text in (left, right))
    matcher = SequenceMatcher(
        None, [word.casefold() for word in first], [word.casefold() for word in second], False
    )
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for kind, start_l, end_l, start_r, end_r in matcher.get_opcodes():
        for side, words in ((sides[0], first[start_l:end_l]), (sides[1], second[start_r:end_r])):
            text = "".join(words)
            if text:
                side.append(Piece(text, kind != "equal" and bool(text.strip(" ,"))))
    return sides
