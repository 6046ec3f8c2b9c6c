"""Search as the front door, and for the one that is missing among the two of a question."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from orchestrator.api.service import ServiceOf
from orchestrator.api.web.page import SessionOf, page
from orchestrator.api.web.questions import open_questions
from orchestrator.api.web.review_pages import ONE_ENTITY, ShortText
from orchestrator.api.web.sessions import check_form
from orchestrator.decisions.decision import ENTITIES
from orchestrator.serving.search import search_names

router = APIRouter(include_in_schema=False)


@router.get("/")
def front(service: ServiceOf, session: SessionOf) -> Response:
    """Show the front door: a field to search in, and how many questions wait."""
    snapshot = service.snapshot
    counts = []
    for entity in ENTITIES:
        questions, n_all = open_questions(service, snapshot, entity)
        counts += [{"entity": entity, "n": len(questions)}] if n_all else []
    nobody = {"sought_for": "", "entity": "person", "key": ""}
    return page("search", service, session, text="", hits=None, counts=counts, **nobody)


@router.post("/")
def find_by_name(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    text: Annotated[str, Form(max_length=200)] = "",
    sought_for: ShortText = "",
    entity: Annotated[str, Form(pattern=ONE_ENTITY)] = "person",
    form_token: ShortText = "",
) -> Response:
    """Show who is called like it; what was typed is in no address.

    `sought_for` is a record or an entity whose other half is looked for: each hit can be said to
    be the same.
    """
    check_form(request, session, form_token)
    service.count(session.caller, "search", service.settings.serve.searches_per_minute)
    among = entity if sought_for else ""
    hits = search_names(service.snapshot, text, among) if text.strip() else []
    service.audit(session.caller, "search", *(hit.entity_id for hit in hits))
    return page(
        "search",
        service,
        session,
        text=text,
        hits=service.shown(session.caller, [asdict(hit) for hit in hits]),
        counts=[],
        sought_for=sought_for,
        entity=entity,
        key=secrets.token_urlsafe(16),
    )
