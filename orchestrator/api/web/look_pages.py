"""Search as the front door, an entity, runs and the model."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.problems import Refusal
from orchestrator.api.routes.entities import ASPECTS, OF_PATH
from orchestrator.api.service import Service, ServiceOf
from orchestrator.api.web.bars import with_bars
from orchestrator.api.web.page import SEE_OTHER, SessionOf, page
from orchestrator.api.web.sessions import Session, check_form
from orchestrator.serving.lookup import golden, survivor
from orchestrator.serving.search import search_names
from orchestrator.serving.weights import model_levels

router = APIRouter(include_in_schema=False)

MOST_SHOWN: Final = 200
LATEST: Final = 20
ShortText = Annotated[str, Form(max_length=300)]


@router.get("/")
def front(service: ServiceOf, session: SessionOf) -> Response:
    """Show the front door: a field to search in, and how many questions wait."""
    snapshot = service.snapshot
    counts = snapshot.rows("select entity, count(*) as n from match_review_queue group by entity")
    return page("search", service, session, text="", hits=None, counts=counts)


@router.post("/")
def find_by_name(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    text: Annotated[str, Form(max_length=200)] = "",
    form_token: ShortText = "",
) -> Response:
    """Show who is called like it. What was typed is in no address."""
    check_form(request, session, form_token)
    service.count(session.caller, "search", service.settings.serve.searches_per_minute)
    hits = search_names(service.snapshot, text) if text.strip() else []
    service.audit(session.caller, "search", *(hit.entity_id for hit in hits))
    rows = service.shown(session.caller, [asdict(hit) for hit in hits])
    return page("search", service, session, text=text, hits=rows, counts=[])


@router.get("/persons/{entity_id}")
def person(service: ServiceOf, session: SessionOf, entity_id: str) -> Response:
    """Show a person."""
    return _entity_page(service, session, "persons", entity_id)


@router.get("/companies/{entity_id}")
def company(service: ServiceOf, session: SessionOf, entity_id: str) -> Response:
    """Show a company."""
    return _entity_page(service, session, "companies", entity_id)


@router.get("/runs")
def runs_page(service: ServiceOf, session: SessionOf) -> Response:
    """Show the latest runs, and how good the matching was in them."""
    snapshot = service.snapshot
    runs = snapshot.table("fct_runs", "order by started_at desc limit ?", LATEST)
    quality = snapshot.table("match_quality", "order by run_started_at desc limit ?", LATEST)
    return page("runs", service, session, runs=runs, quality=quality)


@router.get("/model")
def model_page(service: ServiceOf, session: SessionOf, entity: str = "person") -> Response:
    """Show what each level of each comparison weighs."""
    levels = model_levels(service.snapshot, entity)
    return page("model", service, session, entity=entity, levels=levels, bars=with_bars(levels))


def _entity_page(service: Service, session: Session, kind: str, entity_id: str) -> Response:
    snapshot, entity = service.snapshot, OF_PATH[kind]
    row = golden(snapshot, entity, entity_id)
    if row is None:
        alias = survivor(snapshot, entity_id)
        if alias is None or alias["entity"] != entity or not alias["entity_id"]:
            raise Refusal("unknown_id", f"no entry in {kind} has this id")
        session.told = f"{entity_id} is retired: this is what it went over to."
        return RedirectResponse(f"/{kind}/{alias['entity_id']}", SEE_OTHER)
    service.audit(session.caller, "read", entity_id)
    parts = {}
    for aspect, (table, rest) in ASPECTS.items():
        sql = f"{rest.format(entity=entity)} limit {MOST_SHOWN}"
        rows = snapshot.table(table.format(entity=entity), sql, entity_id)
        parts[aspect] = service.shown(session.caller, rows)
    people = []
    if kind == "companies":
        people = snapshot.table(
            "dim_persons",
            f"where company_id = ? order by display_name limit {MOST_SHOWN}",
            entity_id,
        )
    return page(
        "entity",
        service,
        session,
        kind=kind,
        entity=entity,
        entity_id=entity_id,
        golden=service.shown(session.caller, [row])[0],
        key=secrets.token_urlsafe(16),
        people=service.shown(session.caller, people),
        **parts,
    )
