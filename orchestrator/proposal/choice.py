"""Gives every target its columns: most have room for one, some for many."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from orchestrator.proposal.addresses import (
    one_address,
    with_doubtful_lines,
    with_house_numbers,
    without_second_codes,
)
from orchestrator.proposal.candidate import Candidate, spoken
from orchestrator.proposal.entity import entity_of, for_entity, with_names
from orchestrator.proposal.header_words import folded
from orchestrator.proposal.value_support import IDS

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY: Final = frozenset({"emails", "phones", "domains", "street"})
NUMBERED: Final = 0.8
RANK: Final = {"sure": 0, "likely": 1, "doubtful": 2}
# `Segundo apellido` is the second half of a family name.
SECOND: Final = ("segundo", "second")


def chosen(candidates: Sequence[Candidate]) -> tuple[str, list[Candidate]]:
    """Return the entity, and the columns with what they become in the end."""
    named = with_names(_without_repeated(candidates))
    entity = entity_of(named)
    has_full_name = any(one.target == "full_name" for one in named)
    found = [for_entity(one, entity, has_full_name=has_full_name) for one in named]
    found = with_doubtful_lines(without_second_codes(one_address(found)))
    found = with_house_numbers(found)
    found = _with_record_id(_with_numbers_of_rows(found), entity)
    return entity, _one_each(found)


def _without_repeated(candidates: Sequence[Candidate]) -> list[Candidate]:
    counts = Counter(one.name for one in candidates)
    reason = "several columns are called so, and a mapping names columns"
    return [
        one.left_out("doubtful", reason) if one.name and counts[one.name] > 1 else one
        for one in candidates
    ]


def _with_numbers_of_rows(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Take a `Number` that no row shares for an id where streets have their own numbers.

    The first column counts as an id as well, when it looks like one and no other does.
    """
    has_numbers = any(
        one.target == "street"
        and one.meaning.target == "street"
        and one.values.share("street") >= NUMBERED
        for one in candidates
    )
    found = [
        one.becomes("record_id", "likely", "a number that no two rows share")
        if one.meaning.target == "house_number" and one.values.is_unique and has_numbers
        else one
        for one in candidates
    ]
    first = found[0]
    is_alike = first.meaning.strength == "none" and first.values.share("code") == 1.0
    if is_alike and first.values.is_unique and not any(one.target in IDS for one in found):
        found[0] = first.becomes("record_id", "doubtful", "the first column, and no value repeats")
    return found


def _with_record_id(candidates: Sequence[Candidate], entity: str) -> list[Candidate]:
    wanted = IDS if entity == "company" else {"record_id"}
    usable = [one for one in candidates if one.target in wanted and one.values.is_unique]
    best = min(usable, key=lambda one: (RANK[one.confidence], one.number), default=None)
    found = []
    for one in candidates:
        if one.target not in IDS:
            found.append(one)
        elif one is best:
            found.append(one.becomes("record_id", one.confidence))
        elif one.target not in wanted:
            found.append(one.left_out("likely", "the id of another record"))
        elif best is None:
            found.append(one.left_out("doubtful", "an id, but it is empty or repeats in some rows"))
        else:
            found.append(one.left_out("likely", f"the record id is {best.name}"))
    return found


def _one_each(candidates: Sequence[Candidate]) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for one in sorted(candidates, key=_preference):
        best.setdefault(one.target, one)
    has_family_name = "family_name" in best
    found = []
    for one in candidates:
        target = one.target
        if target == "family_particle":
            found.append(
                one.becomes("family_name", one.confidence)
                if has_family_name
                else one.left_out("likely", "a particle without a family name")
            )
        elif not target or target in MANY or one is best[target] or _is_second_half(one, best):
            found.append(one)
        else:
            found.append(one.left_out("likely", f"{spoken(target)} is {best[target].name}"))
    return found


def _is_second_half(one: Candidate, best: dict[str, Candidate]) -> bool:
    words = folded(one.name).split()
    return one.target == "family_name" and words[:1] != [] and words[0] in SECOND and bool(best)


def _preference(one: Candidate) -> tuple[bool, int, float, int]:
    """Put the plain column before the one of a bill, the surer and the fuller before others."""
    return bool(one.meaning.places), RANK[one.confidence], -one.values.filled, one.number
