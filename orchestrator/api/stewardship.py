"""Decisions as the API and its pages take and show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.api.documents import DecisionDocument
from orchestrator.api.held_decisions import contradicted_by, decision_of_row
from orchestrator.api.problems import Refusal
from orchestrator.serving.lookup import golden

if TYPE_CHECKING:
    from orchestrator.api.callers import Caller
    from orchestrator.api.outbox import OnItsWay
    from orchestrator.api.service import Service
    from orchestrator.decisions.decision import StewardDecision
    from orchestrator.serving.snapshot import Row, Snapshot

KNOWN_DECISIONS: Final = "select decision_id from decision_audit"


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that is kept; the others are ids of decisions, `was_there` says: before this."""

    kept: OnItsWay
    replaces: list[str]
    contradicts: list[str]
    was_there: bool


def take_decision(service: Service, caller: Caller, decision: StewardDecision, key: str) -> Taken:
    """Keep a decision, and say what it does to others."""
    snapshot = service.snapshot
    # A repetition is answered as the first time, whatever has become of its ids.
    if not service.outbox.has(decision, key):
        _check(snapshot, decision)
    waiting = fresh_decisions(service, snapshot)
    earlier = _earlier(waiting, snapshot, decision)
    kept, was_there = service.outbox.keep(decision, key)
    if kept.decision.says() != decision.says():
        raise Refusal("another_decision", "this key was used for another decision")
    service.audit(caller, f"decide {decision.verdict}", kept.decision.decision_id)
    opposed = contradicted_by(snapshot, [one.decision for one in waiting], kept.decision)
    return Taken(
        kept,
        replaces=[one for one in earlier if one != kept.decision.decision_id],
        contradicts=[one.decision_id for one in opposed],
        was_there=was_there,
    )


def decided_today(service: Service, snapshot: Snapshot) -> set[tuple[str, str]]:
    """Return what was decided since the snapshot, as the references of the two sides."""
    return {one.decision.references for one in fresh_decisions(service, snapshot)}


def latest_decisions(service: Service, snapshot: Snapshot, limit: int) -> list[DecisionDocument]:
    """Return those on their way, and those that the last run knew, the newest first."""
    known = snapshot.table("decision_audit", "order by decided_at desc limit ?", limit)
    both = [decision_document(one) for one in fresh_decisions(service, snapshot)]
    both += [
        DecisionDocument(**decision_of_row(row).row(), state=str(row["state"] or ""))
        for row in known
    ]
    return sorted(both, key=lambda one: one.decided_at, reverse=True)[:limit]


def fresh_decisions(service: Service, snapshot: Snapshot) -> list[OnItsWay]:
    """Return the decisions that the snapshot does not know yet; what it knows, it knows better."""
    kept = service.outbox.all()
    ids = {one.decision.decision_id for one in kept}
    known = {str(row["decision_id"]) for row in snapshot.rows(KNOWN_DECISIONS)} if kept else set()
    service.outbox.remove_sent(known & ids)
    return [one for one in kept if one.decision.decision_id not in known]


def _check(snapshot: Snapshot, decision: StewardDecision) -> None:
    if decision.left_id == decision.right_id:
        raise Refusal("wrong_request", "both sides are the same")
    for reference in decision.references:
        if not _is_known(snapshot, decision.entity, reference):
            raise Refusal("unknown_id", f"one of the ids is of no {decision.entity}")


def is_decided(row: Row, decided: set[tuple[str, str]]) -> bool:
    """Say whether a question is answered; a decision may name its records or its entities."""
    sides = [(str(row[f"{name}_l"]), str(row[f"{name}_r"])) for name in ("record_id", "entity_id")]
    return bool({(min(pair), max(pair)) for pair in sides} & decided)


def _is_known(snapshot: Snapshot, entity: str, reference: str) -> bool:
    of_record = snapshot.rows(
        "select 1 from keys where kind = 'record_id' and value = ? and entity = ?",
        reference,
        entity,
    )
    return bool(of_record) or golden(snapshot, entity, reference) is not None


def _earlier(waiting: list[OnItsWay], snapshot: Snapshot, new: StewardDecision) -> list[str]:
    """Return the decisions about the same two that said something else."""
    first, second = new.references
    rows = snapshot.rows(
        "select decision_id from decision_audit where verdict != ? and entity = ?"
        " and min(left_id, right_id) = ? and max(left_id, right_id) = ?",
        *(new.verdict, new.entity, first, second),
    )
    fresh = [
        one.decision.decision_id
        for one in waiting
        if one.decision.references == new.references and one.decision.verdict != new.verdict
    ]
    return list(dict.fromkeys([*fresh, *(str(row["decision_id"]) for row in rows)]))


def decision_document(one: OnItsWay, **others: list[str]) -> DecisionDocument:
    """Return a decision as an answer; `others` are ids of decisions that it has to do with."""
    return DecisionDocument(**one.decision.row(), state=one.state, **others)
