"""Names as they are typed and as they sound."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import jellyfish

WORD: Final = re.compile(r"[^\W_]+")
# Longer texts are no names.
MOST_WORDS: Final = 8
CACHED_WORDS: Final = 65_536


def plain_words(text: str | None) -> list[str]:
    """Return the words of a name in plain small letters, without accents."""
    if not text:
        return []
    plain = text.lower()
    # Most names are plain already, and there are millions.
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).casefold()
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return WORD.findall(plain)[:MOST_WORDS]


def indexed_text(*texts: str | None) -> str:
    """Return texts as they stand in the index of names: what is looked for is brought there too."""
    return " ".join(word for text in texts for word in plain_words(text))


def sounds_of(text: str | None) -> str:
    """Return the Soundex codes of a name's words; words without Latin letters have none."""
    latin = (word for word in plain_words(text) if word.isascii() and word.isalpha())
    return " ".join(_soundex(word) for word in latin if len(word) > 1)


@lru_cache(maxsize=CACHED_WORDS)
def _soundex(word: str) -> str:
    return jellyfish.soundex(word)
