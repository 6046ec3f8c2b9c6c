"""The questions to a steward, one at a time, and what is decided."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.callers import STEWARD
from orchestrator.api.problems import Refusal
from orchestrator.api.service import ServiceOf
from orchestrator.api.stewardship import (
    decided_today,
    is_decided,
    latest_decisions,
    take_decision,
)
from orchestrator.api.web.bars import with_bars
from orchestrator.api.web.differences import marked_differences
from orchestrator.api.web.own_address import own_page
from orchestrator.api.web.page import SEE_OTHER, SessionOf, page
from orchestrator.api.web.sessions import check_form
from orchestrator.decisions.decision import ENTITIES, VERDICTS, StewardDecision
from orchestrator.serving.weights import pair_steps

router = APIRouter(include_in_schema=False)

LATEST: Final = 20
ONE_ENTITY: Final = f"^({'|'.join(ENTITIES)})$"
Entity = Annotated[str, Form(pattern=ONE_ENTITY)]
Verdict = Annotated[str, Form(pattern=f"^({'|'.join(VERDICTS)})$")]
Reference = Annotated[str, Form(min_length=1, max_length=300)]
ShortText = Annotated[str, Form(max_length=300)]


@router.get("/review")
def review_page(
    service: ServiceOf,
    session: SessionOf,
    entity: Annotated[str, Query(pattern=ONE_ENTITY)] = "person",
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    blind: bool = False,
) -> Response:
    """Show the most valuable question that is open; with `blind`, not what the model thinks."""
    snapshot = service.snapshot
    decided = decided_today(service, snapshot)
    queue = snapshot.table("match_review_queue", "where entity = ? order by priority", entity)
    questions = [row for row in queue if not is_decided(row, decided)]
    shown = {
        "entity": entity,
        "blind": blind,
        "skip": skip,
        "n_open": len(questions),
        "n_all": len(queue),
        "latest": service.shown(
            session.caller,
            [one.model_dump() for one in latest_decisions(service, snapshot, LATEST)],
        ),
        "key": secrets.token_urlsafe(16),
    }
    (question,) = service.shown(session.caller, questions[skip : skip + 1]) or (None,)
    if question is None:
        return page("review", service, session, question=None, **shown)
    service.audit(session.caller, "review", str(question["entity_id_l"]))
    fields = {
        name: marked_differences(question[f"{name}_l"], question[f"{name}_r"])
        for name in ("name", "address", "contacts")
    }
    asked = questions[skip]
    steps = pair_steps(snapshot, str(asked["record_id_l"]), str(asked["record_id_r"]))
    return page(
        "review",
        service,
        session,
        question=question,
        fields=fields,
        steps=with_bars(steps, "weight"),
        **shown,
    )


@router.post("/decide")
def decide_on_page(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    entity: Entity,
    left_id: Reference,
    right_id: Reference,
    verdict: Verdict,
    key: Annotated[str, Form(min_length=8, max_length=100)],
    reason: ShortText = "",
    back: ShortText = "/review",
    form_token: ShortText = "",
) -> Response:
    """Keep what a steward has decided, and go on."""
    check_form(request, session, form_token)
    if not session.caller.may(STEWARD):
        raise Refusal("not_allowed", "this is for stewards")
    decision = StewardDecision(
        entity, left_id, right_id, verdict, session.caller.subject, datetime.now(UTC), reason
    )
    _, earlier, _ = take_decision(service, session.caller, decision, key)
    session.told = f"Decided: {verdict}. It holds from the next run on."
    if earlier:
        session.told += f" It takes the place of {', '.join(earlier)}."
    return RedirectResponse(own_page(back, "/review"), SEE_OTHER)
