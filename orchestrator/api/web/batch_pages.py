"""All questions about one entity together, decided with one press of a button."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.routes.entities import OF_PATH, EntityId, Kind
from orchestrator.api.service import Service, ServiceOf
from orchestrator.api.web.page import SEE_OTHER, SessionOf, page
from orchestrator.api.web.questions import open_questions
from orchestrator.api.web.review_pages import DecisionKey, ShortText, Verdict, decided
from orchestrator.api.web.sessions import check_form

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row, Snapshot

router = APIRouter(include_in_schema=False)

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
    own = _questions_about(service, snapshot, kind, entity_id)
    service.audit(session.caller, "review", *(str(row["entity_id_r"]) for row in own), entity_id)
    return page(
        "batch",
        service,
        session,
        kind=kind,
        entity_id=entity_id,
        snapshot_name=snapshot.file.name,
        questions=service.shown(session.caller, own),
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
    priority: Annotated[list[Priority] | None, Form(max_length=500)] = None,
    reason: ShortText = "",
    form_token: ShortText = "",
) -> Response:
    """Keep one verdict about all questions that were ticked."""
    check_form(request, session, form_token)
    here = f"/review/{kind}/{entity_id}"
    # Held for the whole of it: of newer data the same numbers are other questions.
    snapshot = service.snapshot
    if snapshot_name != snapshot.file.name:
        session.told = "Newer data have come, and nothing was decided: look again."
        return RedirectResponse(here, SEE_OTHER)
    ticked = set(priority or ())
    questions = _questions_about(service, snapshot, kind, entity_id)
    chosen = [row for row in questions if row["priority"] in ticked]
    contradicted: set[str] = set()
    for row in chosen:
        said = (OF_PATH[kind], str(row["record_id_l"]), str(row["record_id_r"]), verdict)
        taken = decided(service, session, said, reason, f"{key}-{row['priority']}")
        contradicted |= set(taken.contradicts)
    session.told = (
        f"Decided: {verdict}, {len(chosen)} times. It holds from the next run on."
        if chosen
        else "Nothing was ticked, and nothing decided."
    )
    if contradicted:
        session.told += f" It contradicts {', '.join(sorted(contradicted))}."
    return RedirectResponse(here, SEE_OTHER)


def _questions_about(service: Service, snapshot: Snapshot, kind: str, entity_id: str) -> list[Row]:
    """Return the open questions of which an entity is a side."""
    questions, _ = open_questions(service, snapshot, OF_PATH[kind])
    return [row for row in questions if entity_id in (row["entity_id_l"], row["entity_id_r"])]
