"""A second opinion on a sample of decisions, and how far stewards agree."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from orchestrator.api.agreement import (
    SAMPLED_OF,
    About,
    judged_by,
    second_opinions_wanted,
    stewards_agreements,
)
from orchestrator.api.callers import STEWARD
from orchestrator.api.held_decisions import known_decisions
from orchestrator.api.problems import Refusal
from orchestrator.api.service import Service, ServiceOf
from orchestrator.api.stewardship import fresh_decisions
from orchestrator.api.web.page import SessionOf, page
from orchestrator.api.web.questions import question_about, question_values
from orchestrator.decisions.decision import StewardDecision

router = APIRouter(include_in_schema=False)

MOST_SHOWN: Final = 50


@router.get("/agreement")
def agreement_page(service: ServiceOf, session: SessionOf) -> Response:
    """Show how often two stewards said the same, and where they did not."""
    judged = _judged(service)
    # Who decided may be an address, which a reader does not see.
    agreements = [asdict(one) for one in stewards_agreements(judged)]
    differing = [
        {
            "entity": about[0],
            "left_id": about[1],
            "right_id": about[2],
            "said": ", ".join(f"{who}: {one.verdict}" for who, one in by_steward.items()),
        }
        for about, by_steward in judged.items()
        if len({one.verdict for one in by_steward.values()}) > 1
    ]
    service.audit(session.caller, "read decisions")
    return page(
        "agreement",
        service,
        session,
        agreements=service.shown(session.caller, agreements),
        differing=service.shown(session.caller, differing[-MOST_SHOWN:]),
        n_wanted=len(second_opinions_wanted(judged, session.caller.subject)),
        sampled_of=SAMPLED_OF,
    )


@router.get("/second-opinion")
def second_opinion(
    service: ServiceOf, session: SessionOf, skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> Response:
    """Show what another steward has decided as a question again, without the answer."""
    if not session.caller.may(STEWARD):
        raise Refusal("not_allowed", "this is for stewards")
    snapshot = service.snapshot
    wanted = second_opinions_wanted(_judged(service), session.caller.subject)
    shown = {
        "skip": skip,
        "n_wanted": len(wanted),
        "sampled_of": SAMPLED_OF,
        "key": secrets.token_urlsafe(16),
    }
    for number, decision in enumerate(wanted[skip:], start=skip):
        asked = question_about(snapshot, decision)
        if asked is not None:
            values = question_values(service, session, snapshot, asked)
            # About what the other one has decided: an entity stays an entity.
            about = {"left_id": decision.left_id, "right_id": decision.right_id}
            next_one = {**shown, "skip": number, "entity": decision.entity}
            # Not what would contradict what: it would say what the other one has said.
            return page("second_opinion", service, session, **{**values, **about}, **next_one)
    return page("second_opinion", service, session, question=None, entity="person", **shown)


def _judged(service: Service) -> dict[About, dict[str, StewardDecision]]:
    snapshot = service.snapshot
    fresh = [one.decision for one in fresh_decisions(service, snapshot)]
    return judged_by([*known_decisions(snapshot), *fresh])
