"""All questions about one entity together, decided with one press of a button."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.routes.entities import OF_PATH, EntityId, Kind
from orchestrator.api.service import Service, ServiceOf
from orchestrator.api.stewardship import take_decision
from orchestrator.api.web.page import SEE_OTHER, SessionOf, page
from orchestrator.api.web.questions import open_questions
from orchestrator.api.web.review_pages import DecisionKey, ShortText, Verdict, decision_of
from orchestrator.api.web.sessions import check_form

if TYPE_CHECKING:
    from orchestrator.api.web.sessions import Session
    from orchestrator.serving.snapshot import Row, Snapshot

router = APIRouter(include_in_schema=False)

# What can be looked over at once, and is decided before anybody gives up waiting.
MOST_AT_ONCE: Final = 100
Priority = Annotated[int, Form(ge=0)]


@router.get("/review/{kind}/{entity_id}")
def batch_page(
    service: ServiceOf,
    session: SessionOf,
    kind: Kind,
    entity_id: EntityId,
) -> Response:
    """Show the open questions of which one entity is a side."""
    snapshot = service.snapshot
    own = _open_about(service, snapshot, kind, entity_id)
    asked = own[:MOST_AT_ONCE]
    others = (str(row[f"entity_id_{side}"]) for row in asked for side in "lr")
    service.audit(session.caller, "review", *others, entity_id)
    return page(
        "batch",
        service,
        session,
        kind=kind,
        entity_id=entity_id,
        snapshot_name=snapshot.file.name,
        n_open=len(own),
        questions=service.shown(session.caller, asked),
        key=secrets.token_urlsafe(16),
    )


@router.post("/review/{kind}/{entity_id}")
def decide_batch(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    kind: Kind,
    entity_id: EntityId,
    verdict: Verdict,
    key: DecisionKey,
    snapshot_name: ShortText,
    priority: Annotated[list[Priority] | None, Form(max_length=MOST_AT_ONCE)] = None,
    reason: ShortText = "",
    form_token: ShortText = "",
) -> Response:
    """Keep one verdict about all questions that were ticked."""
    check_form(request, session, form_token)
    here = f"/review/{kind}/{entity_id}"
    snapshot = service.snapshot
    if snapshot_name != snapshot.file.name:
        session.told = "Newer data have come, and nothing was decided: look again."
        return RedirectResponse(here, SEE_OTHER)
    ticked = set(priority or ())
    asked = _open_about(service, snapshot, kind, entity_id)
    chosen = [row for row in asked if row["priority"] in ticked]
    contradicted = _decided(service, session, chosen, verdict, reason, key)
    if chosen:
        session.told = f"Decided: {verdict}, {len(chosen)} times. It holds from the next run on."
    elif ticked:
        session.told = "What was ticked had been decided before; nothing was decided now."
    else:
        session.told = "Nothing was ticked, and nothing decided."
    if contradicted:
        session.told += f" It contradicts {', '.join(sorted(contradicted))}."
    return RedirectResponse(here, SEE_OTHER)


def _open_about(service: Service, snapshot: Snapshot, kind: str, entity_id: str) -> list[Row]:
    questions, _ = open_questions(service, snapshot, OF_PATH[kind])
    return [row for row in questions if entity_id in (row["entity_id_l"], row["entity_id_r"])]


def _decided(
    service: Service, session: Session, rows: list[Row], verdict: str, reason: str, key: str
) -> set[str]:
    """Keep one verdict about questions; return the decisions that it contradicts."""
    decisions = []
    for row in rows:
        said = (str(row["entity"]), str(row["record_id_l"]), str(row["record_id_r"]), verdict)
        decisions.append((decision_of(session, said, reason), f"{key}-{row['priority']}"))
    service.outbox.send_together(decisions)
    taken = [take_decision(service, session.caller, *one) for one in decisions]
    return {name for one in taken for name in one.contradicts}
