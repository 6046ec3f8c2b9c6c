"""What stewards look at, and what they decide."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from orchestrator.api.cursors import Cursor, page_after, read_cursor
from orchestrator.api.documents import DecisionDocument, Decisions, Entity, NewDecision, Rows
from orchestrator.api.problems import refusals
from orchestrator.api.service import CallerOf, ServiceOf, StewardOf
from orchestrator.api.stewardship import (
    decided_today,
    decision_document,
    is_decided,
    latest_decisions,
    take_decision,
)
from orchestrator.decisions.decision import StewardDecision

router = APIRouter(tags=["stewards"])

Limit = Annotated[int, Query(ge=1, le=200)]
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
    decided = decided_today(service, snapshot)
    rows = snapshot.table(
        "match_review_queue",
        "where entity = ? order by priority limit ? offset ?",
        *(entity, limit + 1, after),
    )
    page, following = page_after(snapshot, rows, limit, after)
    open_ones = [row for row in page if not is_decided(row, decided)]
    seen = (str(row[f"entity_id_{side}"]) for row in open_ones for side in "lr")
    service.audit(caller, "review", *seen)
    return Rows(
        **service.as_of(snapshot), rows=service.shown(caller, open_ones), next_cursor=following
    )


@router.post(
    "/decisions",
    status_code=202,
    responses={
        200: {"description": "It was kept before, under this key.", "model": DecisionDocument},
        **refusals("unknown_id", "another_decision", "warehouse", "too_slow"),
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
    away; only where the disk ends with the service (CONCORD_SERVE_SENDS_FIRST) it is refused then.
    """
    decision = StewardDecision(
        **new.model_dump(), decided_by=caller.subject, decided_at=datetime.now(UTC)
    )
    taken = take_decision(service, caller, decision, idempotency_key)
    if taken.was_there:
        response.status_code = 200
    return decision_document(taken.kept, replaces=taken.replaces, contradicts=taken.contradicts)


@router.get("/decisions")
def decisions(service: ServiceOf, caller: CallerOf, limit: Limit = 20) -> Decisions:
    """Return the latest decisions: those on their way, and those that the last run knew."""
    snapshot = service.snapshot
    latest = latest_decisions(service, snapshot, limit)
    service.audit(caller, "read decisions")
    rows = service.shown(caller, [one.model_dump() for one in latest])
    return Decisions(**service.as_of(snapshot), decisions=[DecisionDocument(**row) for row in rows])
