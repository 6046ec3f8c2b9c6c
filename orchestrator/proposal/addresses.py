"""Which of several addresses a file means: parts of two of them must not be mixed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.proposal.candidate import Candidate

PARTS: Final = frozenset(
    {"street", "house_number", "city", "region", "region_code", "postcode", "country"}
    | {"country_code"}
)
# A code stands in where there is no column of names.
CODES: Final = {"country_code": "country", "region_code": "region"}
# Shares of values that are streets with a number.
NUMBERED: Final = 0.5
BARE: Final = 0.1
NOT_THE_FULLEST: Final = "of several addresses the one that is filled most often is used"


def one_address(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep the columns of the address that is filled most often, and what only others have."""
    blocks: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        if one.target in PARTS:
            blocks[one.meaning.block].append(one)
    if not blocks:
        return list(candidates)
    # The first of equals stays: `max` keeps it.
    best = max(blocks, key=lambda block: sum(one.values.filled for one in blocks[block]))
    present = {CODES.get(one.target, one.target) for one in blocks[best]}
    kept = {one.number for one in blocks[best]}
    kept |= _parts_from_others(blocks, present)
    return [
        one.left_out("likely", NOT_THE_FULLEST)
        if one.target in PARTS and one.number not in kept
        else one
        for one in candidates
    ]


def _parts_from_others(blocks: dict[str, list[Candidate]], present: set[str]) -> set[int]:
    """Return columns of what the chosen address lacks, unless they belong to another street.

    `Country` without a word before it is the country of whatever address there is.
    """
    kept: set[int] = set()
    for block in sorted(blocks, key=bool):
        parts = {CODES.get(one.target, one.target) for one in blocks[block]}
        if "street" in parts or (block and parts & present):
            continue
        kept |= {
            one.number for one in blocks[block] if CODES.get(one.target, one.target) not in present
        }
        present = present | parts
    return kept


def without_second_codes(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Let a column of codes be the country or region unless a column of names is."""
    named = {one.target for one in candidates}
    found = []
    for one in candidates:
        plain = CODES.get(one.target)
        if plain and plain in named:
            found.append(one.left_out("sure", f"the {plain} is in another column"))
        else:
            found.append(one.becomes(plain, one.confidence) if plain else one)
    return found


def with_doubtful_lines(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Doubt address lines without a number where no column is a city: it may be in them."""
    streets = [one for one in candidates if one.target == "street"]
    has_city = any(one.target == "city" for one in candidates)
    if has_city or not any(one.values.share("street") >= NUMBERED for one in streets):
        return list(candidates)
    return [
        one.becomes("street", "doubtful", "an address line without a number: is it the place?")
        if one.target == "street" and one.values.share("street") < BARE
        else one
        for one in candidates
    ]


def with_house_numbers(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Join house numbers to the street, in the order of the file; alone they say nothing."""
    has_street = any(one.target == "street" for one in candidates)
    found = []
    for one in candidates:
        if one.target != "house_number":
            found.append(one)
        elif has_street:
            found.append(one.becomes("street", one.confidence))
        else:
            found.append(one.left_out("likely", "a house number without a street"))
    return found
