"""A person or a company: golden record, records and their links, what happened, what to decide."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.problems import Refusal
from orchestrator.api.routes.entities import ASPECTS, OF_PATH, EntityId
from orchestrator.api.routes.interactions import latest_interactions
from orchestrator.api.service import ServiceOf
from orchestrator.api.web.link_graph import link_graph
from orchestrator.api.web.page import SEE_OTHER, SessionOf, page
from orchestrator.api.web.sessions import check_form
from orchestrator.api.web.timeline import timeline
from orchestrator.serving.lookup import checked_entity, golden, survivor

if TYPE_CHECKING:
    from orchestrator.api.web.sessions import Session
    from orchestrator.serving.snapshot import Row, Snapshot

router = APIRouter(include_in_schema=False)

MOST_SHOWN: Final = 200
MOST_INTERACTIONS: Final = 50
PEOPLE: Final = f"where company_id = ? order by display_name limit {MOST_SHOWN}"


def kind_of_path(request: Request) -> str:
    """Return persons or companies: a pattern in their place would hide all other paths."""
    return request.url.path.split("/")[1]


KindOf = Annotated[str, Depends(kind_of_path)]


# By these names others lead to the pages.
@router.get("/persons/{entity_id}", name="person")
@router.get("/companies/{entity_id}", name="company")
def entity_page(
    service: ServiceOf, session: SessionOf, kind: KindOf, entity_id: EntityId
) -> Response:
    """Show an entity; a retired id leads to what it went over to."""
    snapshot, entity = service.snapshot, OF_PATH[kind]
    row = golden(snapshot, entity, entity_id)
    if row is None:
        return _successor(snapshot, session, kind, entity_id)
    service.audit(session.caller, "read", entity_id)
    parts = {aspect: _aspect(snapshot, entity, entity_id, aspect) for aspect in ASPECTS}
    shown: dict[str, Any] = {
        aspect: service.shown(session.caller, rows) for aspect, rows in parts.items()
    }
    people = snapshot.table("dim_persons", PEOPLE, entity_id) if entity == "company" else []
    return page(
        "entity",
        service,
        session,
        kind=kind,
        entity=entity,
        entity_id=entity_id,
        golden=service.shown(session.caller, [row])[0],
        graph=link_graph(
            snapshot, entity, parts["members"], shown["members"], row["n_records"] or 0
        ),
        happened=timeline(entity_id, shown["history"], []),
        people=service.shown(session.caller, people),
        key=secrets.token_urlsafe(16),
        **shown,
    )


@router.post("/persons/{entity_id}/timeline")
@router.post("/companies/{entity_id}/timeline")
def timeline_page(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    kind: KindOf,
    entity_id: EntityId,
    form_token: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Show messages and calls among what happened; they are in the warehouse, which takes time."""
    check_form(request, session, form_token)
    snapshot, entity = service.snapshot, OF_PATH[kind]
    if golden(snapshot, entity, entity_id) is None:
        raise Refusal("unknown_id", f"no entry in {kind} has this id")
    service.count(session.caller, "interactions", service.settings.serve.searches_per_minute)
    service.audit(session.caller, "read interactions", entity_id)
    found = latest_interactions(service, snapshot, entity, entity_id, MOST_INTERACTIONS)
    history = service.shown(session.caller, _aspect(snapshot, entity, entity_id, "history"))
    interactions = service.shown(session.caller, found)
    return page(
        "timeline",
        service,
        session,
        kind=kind,
        entity_id=entity_id,
        happened=timeline(entity_id, history, interactions),
        n_interactions=len(interactions),
    )


def _successor(snapshot: Snapshot, session: Session, kind: str, entity_id: str) -> Response:
    alias = survivor(snapshot, entity_id)
    if alias is None or alias["entity"] != OF_PATH[kind] or not alias["entity_id"]:
        raise Refusal("unknown_id", f"no entry in {kind} has this id")
    session.told = f"{entity_id} is retired: this is what it went over to."
    return RedirectResponse(f"/{kind}/{alias['entity_id']}", SEE_OTHER)


def _aspect(snapshot: Snapshot, entity: str, entity_id: str, aspect: str) -> list[Row]:
    table, rest = (part.format(entity=checked_entity(entity)) for part in ASPECTS[aspect])
    return snapshot.table(table, f"{rest} limit {MOST_SHOWN}", entity_id)
