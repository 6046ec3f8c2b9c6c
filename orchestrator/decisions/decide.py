"""Checks decisions, follows them to their end, and keeps them: all of them, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestrator.decisions.contradictions import Contradiction, contradictions, holding
from orchestrator.decisions.kept import append, read_kept
from orchestrator.decisions.references import KnownReferences, read_references
from orchestrator.errors import InputError
from orchestrator.sources.own_tables import ensure_own_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.bigquery.connect import Connection
    from orchestrator.decisions.decision import StewardDecision


@dataclass(frozen=True, slots=True)
class Followed:
    """A decision, and what follows from it."""

    decision: StewardDecision
    n_left_records: int
    n_right_records: int
    # The one about the same two that it takes the place of.
    replaces: StewardDecision | None
    # Those that were there and that it is against, directly or by way of others.
    contradicts: tuple[str, ...]
    # It was decided before, about the same records.
    is_kept_already: bool


def find_entity(decision: StewardDecision, known: KnownReferences) -> tuple[StewardDecision, str]:
    """Return the decision with its entity, and what is wrong with its references."""
    of_each = [known.entities_of(one) for one in (decision.left_id, decision.right_id)]
    for reference, entities in zip((decision.left_id, decision.right_id), of_each, strict=True):
        if not entities:
            return decision, f"nobody knows '{reference}'"
        if decision.entity and decision.entity not in entities:
            return decision, f"'{reference}' is no {decision.entity}"
    both = of_each[0] & of_each[1]
    if decision.entity:
        return decision, ""
    if len(both) > 1:
        return decision, "both are a person and a company; say which with the entity"
    if not both:
        return decision, "one is a person and the other a company"
    return replace(decision, entity=next(iter(both))), ""


def name_problem(decision: StewardDecision, kept: Sequence[StewardDecision]) -> str:
    """Return what is wrong with the name that a decision brings along."""
    others = [one for one in kept if one.decision_id == decision.decision_id]
    if not others or others[0].says() == decision.says():
        return ""
    return f"decision_id '{decision.decision_id}' is another decision"


def follow(
    decisions: Sequence[StewardDecision], kept: Sequence[StewardDecision], known: KnownReferences
) -> list[Followed]:
    """Return what would follow from new decisions beside those that are kept."""
    held = holding(kept)
    named = {one.decision_id: one for one in kept}
    found: list[tuple[StewardDecision, bool, StewardDecision | None]] = []
    for decision in decisions:
        before = held.get((decision.entity, *decision.references))
        there = named.get(decision.named().decision_id)
        if there is None and before is not None and _says_the_same(decision, before, known):
            there = before
        found.append((there or decision.named(), there is not None, before))
    after = holding([*kept, *(one for one, again, _ in found if not again)])
    sides = {one.decision_id: known.sides_of(one) for one in after.values()}
    new = {one.decision_id for one, again, _ in found if not again}
    conflicts = contradictions(after.values(), sides)
    followed = []
    for one, again, before in found:
        left, right = known.sides_of(one)
        followed.append(
            Followed(
                one,
                len(left),
                len(right),
                replaces=None if again else before,
                contradicts=_against(one, conflicts) if one.decision_id in new else (),
                is_kept_already=again,
            )
        )
    return followed


def keep_decisions(
    connection: Connection,
    decisions: Sequence[StewardDecision],
    known: KnownReferences,
    kept: Sequence[StewardDecision],
    *,
    anyway: bool,
    dry_run: bool,
) -> list[Followed]:
    """Follow decisions, and keep them unless they contradict others."""
    followed = follow(decisions, kept, known)
    against = [one for one in followed if one.contradicts]
    if dry_run:
        return followed
    if against and not anyway:
        listed = "\n".join(
            f"  {one.decision.left_id} {one.decision.verdict} {one.decision.right_id}: "
            f"against {', '.join(one.contradicts)}"
            for one in against
        )
        raise InputError(
            f"nothing was kept, because it contradicts what was decided before\n{listed}",
            "decide otherwise about one of these, or pass --anyway: then nothing that says 'same' "
            "among them is applied, and decision_conflicts reports it",
        )
    append(connection, [one.decision for one in followed if not one.is_kept_already])
    return followed


def look_up(
    connection: Connection, decisions: Sequence[StewardDecision]
) -> tuple[KnownReferences, list[StewardDecision]]:
    """Read what is known of the references of new and kept decisions, and the kept ones."""
    ensure_own_tables(connection)
    kept = read_kept(connection)
    references = {one for decision in (*decisions, *kept) for one in decision.references}
    return read_references(connection, references), kept


def _says_the_same(
    decision: StewardDecision, before: StewardDecision, known: KnownReferences
) -> bool:
    """Say whether nothing is new: the verdict, and the records that the references stand for."""
    sides = [set(known.sides_of(one)) for one in (decision, before)]
    return not decision.decision_id and decision.verdict == before.verdict and sides[0] == sides[1]


def _against(decision: StewardDecision, conflicts: Sequence[Contradiction]) -> tuple[str, ...]:
    of_it = [one for one in conflicts if decision.decision_id in one.decision_ids]
    ids = {
        other
        for one in of_it
        for other in (one.separating if decision.decision_id in one.binding else one.binding)
    }
    return tuple(sorted(ids))
