"""What stewards look at, and what they keep_decision."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Response

from orchestrator.api.documents import DecisionDocument, Decisions, Entity, NewDecision, Rows
from orchestrator.api.outbox import OnItsWay
from orchestrator.api.pages import Cursor, page_after, read_cursor
from orchestrator.api.problems import Refusal, refusals
from orchestrator.api.service import CallerOf, Service, ServiceOf, StewardOf
from orchestrator.decisions.decision import StewardDecision
from orchestrator.serving.lookup import golden
from orchestrator.serving.snapshot import Snapshot

router = APIRouter(tags=["stewards"])

Limit = Annotated[int, Query(ge=1, le=200)]
KNOWN_DECISIONS: Final = "select decision_id from decision_audit"
IdempotencyKey = Annotated[
    str, Header(min_length=8, max_length=200, description="Of the caller's own, one per decision.")
]


@router.get("/review", responses=refusals("wrong_cursor"))
def review(
    service: ServiceOf,
    caller: CallerOf,
    entity: Entity = "person",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Rows:
    """Return the questions to a steward, the most valuable first, without those decided today."""
    snapshot = service.snapshot
    after = read_cursor(snapshot, cursor)
    decided = {one.decision.references for one in _fresh(service, snapshot)}
    rows = snapshot.table(
        "match_review_queue",
        "where entity = ? order by priority limit ? offset ?",
        *(entity, limit + 1, after),
    )
    page, following = page_after(snapshot, rows, limit, after)
    open_ones = [row for row in page if not _keys(row) & decided]
    service.audit(caller, "review", *(str(row["entity_id_l"]) for row in open_ones))
    return Rows(
        **service.as_of(snapshot), rows=service.shown(caller, open_ones), next_cursor=following
    )


@router.post(
    "/decisions",
    status_code=202,
    responses={
        200: {"description": "It was kept before, under this key.", "model": DecisionDocument},
        **refusals("unknown_id", "another_decision"),
    },
)
def keep_decision(
    service: ServiceOf,
    caller: StewardOf,
    new: NewDecision,
    response: Response,
    idempotency_key: IdempotencyKey,
) -> DecisionDocument:
    """Keep a decision; it holds from the next run on.

    A repetition under the same key is the same decision. It is kept also while the warehouse is
    away.
    """
    snapshot = service.snapshot
    decision = StewardDecision(
        **new.model_dump(), decided_by=caller.subject, decided_at=datetime.now(UTC)
    )
    # A repetition is answered as the first time, whatever has become of its ids.
    if not service.outbox.has(decision, idempotency_key):
        _check(snapshot, decision)
    earlier = _earlier(_fresh(service, snapshot), snapshot, decision)
    kept, was_there = service.outbox.keep(decision, idempotency_key)
    if kept.decision.says() != decision.says():
        raise Refusal("another_decision", "this key was used for another decision")
    if was_there:
        response.status_code = 200
    service.audit(caller, f"decide {new.verdict}", kept.decision.decision_id)
    return _document(kept, [one for one in earlier if one != kept.decision.decision_id])


@router.get("/decisions")
def decisions(service: ServiceOf, caller: CallerOf, limit: Limit = 20) -> Decisions:
    """Return the latest decisions: those on their way, and those that the last run knew."""
    snapshot = service.snapshot
    known = snapshot.table("decision_audit", "order by decided_at desc limit ?", limit)
    both = [_document(one, []) for one in _fresh(service, snapshot)]
    both += [_of_audit(row) for row in known]
    both.sort(key=lambda one: one.decided_at, reverse=True)
    service.audit(caller, "read decisions")
    rows = service.shown(caller, [one.model_dump() for one in both[:limit]])
    return Decisions(**service.as_of(snapshot), decisions=[DecisionDocument(**row) for row in rows])


def _fresh(service: Service, snapshot: Snapshot) -> list[OnItsWay]:
    """Return the decisions that the snapshot does not know yet; what it knows, it knows better."""
    kept = service.outbox.all()
    known = {str(row["decision_id"]) for row in snapshot.rows(KNOWN_DECISIONS)} if kept else set()
    service.outbox.remove_sent(known)
    return [one for one in kept if one.decision.decision_id not in known]


def _check(snapshot: Snapshot, decision: StewardDecision) -> None:
    if decision.left_id == decision.right_id:
        raise Refusal("wrong_request", "both sides are the same")
    for reference in decision.references:
        if not _is_known(snapshot, decision.entity, reference):
            raise Refusal("unknown_id", f"one of the ids is of no {decision.entity}")


def _keys(row: dict[str, object]) -> set[tuple[str, str]]:
    """Return the two in both ways in which a decision may name them."""
    sides = [(str(row[f"{name}_l"]), str(row[f"{name}_r"])) for name in ("record_id", "entity_id")]
    return {(min(pair), max(pair)) for pair in sides}


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


def _document(one: OnItsWay, replaces: list[str]) -> DecisionDocument:
    return DecisionDocument(**one.decision.row(), state=one.state, replaces=replaces)


AUDITED: Final = ("decision_id", "entity", "left_id", "right_id", "verdict", "decided_at", "state")


def _of_audit(row: dict[str, str | None]) -> DecisionDocument:
    values = {name: str(row[name] or "") for name in AUDITED}
    by = {"decided_by": row["decided_by"] or "", "reason": row["decision_reason"] or ""}
    return DecisionDocument(**values, **by)
