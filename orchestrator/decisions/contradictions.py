"""Where decisions contradict each other; as int_person_must_links finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orchestrator.decisions.decision import StewardDecision

    Sides = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Decisions that bind records, and those that say that two of these records are two."""

    binding: tuple[str, ...]
    separating: tuple[str, ...]

    @property
    def decision_ids(self) -> frozenset[str]:
        """Return all of them."""
        return frozenset(self.binding + self.separating)


def disjoint_sides(left: frozenset[str], right: frozenset[str]) -> Sides:
    """Return the records of both sides; one that is on both counts for the smaller one."""
    if len(left) <= len(right):
        return left, right - left
    return left - right, right


def holding(decisions: Iterable[StewardDecision]) -> dict[tuple[str, str, str], StewardDecision]:
    """Return the decision that holds about each two references: the newest.

    Of two of one moment the one that keeps more apart, as in int_decisions.
    """
    order = {"different": 2, "unsure": 1, "same": 0}
    found: dict[tuple[str, str, str], StewardDecision] = {}
    for decision in sorted(
        decisions, key=lambda d: (d.decided_at, order[d.verdict], [-ord(c) for c in d.decision_id])
    ):
        found[decision.entity, *decision.references] = decision
    return found


def contradictions(
    decisions: Iterable[StewardDecision], sides: Mapping[str, Sides]
) -> list[Contradiction]:
    """Return the components of `same` with a decision inside that keeps two of them apart."""
    held = [d for d in decisions if all(sides[d.decision_id])]
    root: dict[tuple[str, str], tuple[str, str]] = {}

    def find(one: tuple[str, str]) -> tuple[str, str]:
        while root.setdefault(one, one) != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for decision in held:
        if decision.is_same:
            records = [(decision.entity, r) for side in sides[decision.decision_id] for r in side]
            for record in records[1:]:
                root[find(record)] = find(records[0])
    binding: dict[tuple[str, str], list[str]] = {}
    separating: dict[tuple[str, str], list[str]] = {}
    for decision in held:
        left, right = (
            {find((decision.entity, record)) for record in side}
            for side in sides[decision.decision_id]
        )
        if decision.is_same:
            binding.setdefault(next(iter(left)), []).append(decision.decision_id)
        else:
            for component in left & right:
                separating.setdefault(component, []).append(decision.decision_id)
    return [
        Contradiction(tuple(sorted(binding[one])), tuple(sorted(ids)))
        for one, ids in sorted(separating.items())
        if one in binding
    ]
