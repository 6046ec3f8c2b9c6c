"""The questions to a steward, one at a time, and what is decided."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.callers import STEWARD
from orchestrator.api.problems import Refusal
from orchestrator.api.service import Service, ServiceOf
from orchestrator.api.stewardship import Taken, latest_decisions, take_decision
from orchestrator.api.web.own_address import own_page
from orchestrator.api.web.page import SEE_OTHER, SessionOf, page
from orchestrator.api.web.questions import open_questions, question_values
from orchestrator.api.web.sessions import Session, check_form
from orchestrator.decisions.decision import ENTITIES, VERDICTS, StewardDecision

router = APIRouter(include_in_schema=False)

LATEST: Final = 20
ONE_ENTITY: Final = f"^({'|'.join(ENTITIES)})$"
Entity = Annotated[str, Form(pattern=ONE_ENTITY)]
Verdict = Annotated[str, Form(pattern=f"^({'|'.join(VERDICTS)})$")]
Reference = Annotated[str, Form(min_length=1, max_length=300)]
ShortText = Annotated[str, Form(max_length=300)]
DecisionKey = Annotated[str, Form(min_length=8, max_length=100)]


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
    questions, n_all = open_questions(service, snapshot, entity)
    latest = [one.model_dump() for one in latest_decisions(service, snapshot, LATEST)]
    shown = {
        "entity": entity,
        "blind": blind,
        "skip": skip,
        "n_open": len(questions),
        "n_all": n_all,
        "latest": service.shown(session.caller, latest),
        "key": secrets.token_urlsafe(16),
    }
    if skip >= len(questions):
        return page("review", service, session, question=None, **shown)
    asked = questions[skip]
    n_related = sum(asked["entity_id_l"] in _entities(one) for one in questions)
    values = question_values(service, session, snapshot, asked)
    return page("review", service, session, n_related=n_related, **values, **shown)


@router.post("/decide")
def decide_on_page(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    entity: Entity,
    left_id: Reference,
    right_id: Reference,
    verdict: Verdict,
    key: DecisionKey,
    reason: ShortText = "",
    back: ShortText = "/review",
    form_token: ShortText = "",
) -> Response:
    """Keep what a steward has decided, and go on."""
    check_form(request, session, form_token)
    taken = decided(
        service, session, (entity, left_id.strip(), right_id.strip(), verdict), reason, key
    )
    session.told = f"Decided: {verdict}. It holds from the next run on."
    if taken.replaces:
        session.told += f" It takes the place of {', '.join(taken.replaces)}."
    if taken.contradicts:
        session.told += (
            f" It contradicts {', '.join(taken.contradicts)} by way of others: until somebody"
            " decides otherwise, the run applies none of those that say 'same'."
        )
    return RedirectResponse(own_page(back, "/review"), SEE_OTHER)


def decided(
    service: Service, session: Session, said: tuple[str, str, str, str], reason: str, key: str
) -> Taken:
    """Keep a decision of whoever sits in front of a page: entity, both references, verdict."""
    return take_decision(service, session.caller, decision_of(session, said, reason), key)


def decision_of(session: Session, said: tuple[str, str, str, str], reason: str) -> StewardDecision:
    """Return what whoever sits in front of a page has decided; refuse who may not."""
    if not session.caller.may(STEWARD):
        raise Refusal("not_allowed", "this is for stewards")
    return StewardDecision(*said, session.caller.subject, datetime.now(UTC), reason)


def _entities(question: dict[str, object]) -> tuple[object, object]:
    return question["entity_id_l"], question["entity_id_r"]
