"""The decisions that hold today, and which of them a further one would contradict.

References are read as the snapshot has them: a record is itself, an entity its records of today.
What an id that is retired by now stood for is left to the run.
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cachetools import LRUCache, cached

from orchestrator.decisions.contradictions import contradictions, disjoint_sides, holding
from orchestrator.decisions.decision import StewardDecision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.serving.snapshot import Row, Snapshot

RECORDS: Final = {
    entity: f"select record_id from bridge_{entity}_records where {entity}_id = ?"
    for entity in ("person", "company")
}
Records = frozenset[str]


def decision_of_row(row: Row) -> StewardDecision:
    """Return a row of decision_audit as a decision."""
    texts = ("decision_id", "entity", "left_id", "right_id", "verdict", "decided_by")
    return StewardDecision(
        **{name: str(row[name] or "") for name in texts},
        decided_at=datetime.fromisoformat(str(row["decided_at"])),
        reason=str(row["decision_reason"] or ""),
    )


def contradicted_by(
    snapshot: Snapshot, fresh: Iterable[StewardDecision], new: StewardDecision
) -> list[StewardDecision]:
    """Return the decisions that a new one contradicts, by way of all that hold today."""
    decisions = holding([*known_decisions(snapshot), *fresh, new]).values()
    sides = {one.decision_id: _sides(snapshot, one) for one in decisions}
    opposed = {
        name
        for found in contradictions(decisions, sides)
        if new.decision_id in found.decision_ids
        # The other side alone: who binds is not opposed by who binds too.
        for name in (found.separating if new.is_same else found.binding)
    }
    return [one for one in decisions if one.decision_id in opposed - {new.decision_id}]


@cached(LRUCache(2), key=lambda snapshot: snapshot.file.name, lock=threading.Lock())
def known_decisions(snapshot: Snapshot) -> tuple[StewardDecision, ...]:
    """Return the decisions that the run of a snapshot knew, also those that were replaced."""
    return tuple(decision_of_row(row) for row in snapshot.table("decision_audit"))


def _sides(snapshot: Snapshot, decision: StewardDecision) -> tuple[Records, Records]:
    left = _records(snapshot, decision.entity, decision.left_id)
    return disjoint_sides(left, _records(snapshot, decision.entity, decision.right_id))


@cached(
    LRUCache(100_000),
    key=lambda snapshot, entity, reference: (snapshot.file.name, entity, reference),
    lock=threading.Lock(),
)
def _records(snapshot: Snapshot, entity: str, reference: str) -> Records:
    found = frozenset(str(row["record_id"]) for row in snapshot.rows(RECORDS[entity], reference))
    return found or frozenset((reference,))
