"""What the name of a column means, in eight languages, by the words of header_words.yml."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml

WORDS_FILE: Final = Path(__file__).with_name("header_words.yml")
VOWELS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
PLAIN: Final = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d"})
# `firstName`, and an acronym before a word: `EUUstID`.
CAMEL: Final = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
WORD: Final = re.compile(r"[^\W\d_]+|\d+")
# A vCard says `TEL;type=CELL`.
PARAMETER: Final = re.compile(r";\s*type=", re.IGNORECASE)
HALVES: Final = re.compile(r"[/|()]")
LONGEST_PHRASE: Final = 6

# What two halves are together: `Straße/Hausnr.` is a street.
TOGETHER: Final = {
    frozenset({"street", "house_number"}): "street",
    frozenset({"given_name", "family_name"}): "full_name",
    frozenset({"name", "given_name"}): "full_name",
}

Strength = Literal["exact", "partial", "none"]


@dataclass(frozen=True, slots=True)
class HeaderMeaning:
    """What a header says. `target` is empty for one that is known to say nothing of use.

    `block` names the address that is meant: `billing`, `home`, or `1`.
    """

    strength: Strength
    target: str = ""
    unused_because: str = ""
    places: frozenset[str] = frozenset()
    block: str = ""


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """All phrases by their letters, and the words around them."""

    phrases: dict[str, str]
    unused: dict[str, str]
    places: dict[str, str]
    neutral: frozenset[str]


UNKNOWN: Final = HeaderMeaning("none")


def folded(text: str) -> str:
    """Return text in lower case, without accents."""
    plain = text.casefold().translate(PLAIN)
    letters = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def header_words() -> HeaderWords:
    """Read the words, once."""
    document = yaml.load(WORDS_FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but text
    phrases: dict[str, str] = {}
    for target, languages in document["columns"].items():
        for phrase in languages.values():
            phrases |= {letters: target for letters in _letters(phrase) if letters not in phrases}
    return HeaderWords(
        phrases,
        _reversed(document["unused"]),
        _reversed(document["places"]),
        frozenset(_letters(document["neutral"])),
    )


def meaning_of(header: str) -> HeaderMeaning:
    """Say what a header means: as a whole, else by the halves of `Vorname / First name`."""
    whole = _meaning(header)
    if whole.strength == "exact" or not HALVES.search(header):
        return whole
    halves = [_meaning(half) for half in HALVES.split(header) if half.strip()]
    known = [half for half in halves if half.strength == "exact"]
    if not known:
        return whole
    places = frozenset().union(*(half.places for half in known))
    block = next((half.block for half in known if half.block), "")
    targets = frozenset(half.target for half in known)
    first = replace(known[0], places=places, block=block)
    if targets in TOGETHER:
        return replace(first, target=TOGETHER[targets])
    if len(targets) > 1 or len(known) < len([half for half in halves if half.strength == "none"]):
        return replace(first, strength="partial")
    return first


def _meaning(header: str) -> HeaderMeaning:
    words, numbers = _split(header)
    best, is_weak = UNKNOWN, True
    for size in range(min(len(words), LONGEST_PHRASE), 0, -1):
        for start in reversed(range(len(words) - size + 1)):
            found = _of_phrase(words, numbers, start, start + size)
            # The last word is the one that is meant: `Company Address`, `Address Company`.
            if found.strength == "exact":
                return found
            # `Address1_StateOrProvince` is about a state: the word address alone says little.
            says_little = "".join(words[start : start + size]) in header_words().neutral
            if found.strength == "partial" and (best is UNKNOWN or (is_weak and not says_little)):
                best, is_weak = found, says_little
    return best


def _of_phrase(
    words: list[str], numbers: list[tuple[int, str]], start: int, end: int
) -> HeaderMeaning:
    """Say what a header means if some of its words are a phrase, and the others stand around it."""
    known = header_words()
    letters = "".join(words[start:end])
    target, reason = known.phrases.get(letters, ""), known.unused.get(letters, "")
    if not target and not reason:
        return UNKNOWN
    rest = [*words[:start], *words[end:]]
    unknown = [word for word in rest if word not in known.places and word not in known.neutral]
    places = frozenset(known.places[word] for word in rest if word in known.places)
    # A number behind all words counts lines: `Address 2`, but `Address2_City`.
    index = "".join(number for place, number in numbers if place < end)
    block = " ".join([*sorted(places), *unknown, *([index] if index else [])])
    reason = "" if target else reason
    about = next((known.unused[word] for word in unknown if word in known.unused), "")
    if target == "record_id" and any(w in known.places or w in known.phrases for w in rest):
        about = "the id of another record"
    if about and target:
        target, reason = "", about
    return HeaderMeaning("partial" if unknown else "exact", target, reason, places, block)


def _split(header: str) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the words, and the numbers with how many words stand before each."""
    text = CAMEL.sub(" ", PARAMETER.sub(" ", header).replace("#", " number "))
    words: list[str] = []
    numbers: list[tuple[int, str]] = []
    for part in WORD.findall(folded(text)):
        if part.isdigit():
            numbers.append((len(words), part))
        else:
            words.append(part)
    return words, numbers


def _letters(phrases: str) -> set[str]:
    """Return phrases between commas without their spaces, with umlauts in both spellings."""
    texts = phrases.split(",")
    spellings = {*texts, *(text.casefold().translate(VOWELS) for text in texts)}
    return {"".join(WORD.findall(folded(text))) for text in spellings}


def _reversed(groups: dict[str, str]) -> dict[str, str]:
    return {letters: name for name, phrases in groups.items() for letters in _letters(phrases)}
