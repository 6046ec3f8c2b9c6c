"""What OpenRefine asks for while somebody looks at it: suggestions, previews, links."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import NoMatchFound

from orchestrator.api.callers import Caller
from orchestrator.api.problems import Refusal, refusals
from orchestrator.api.reconciliation.extension import current_row
from orchestrator.api.reconciliation.properties import PROPERTIES, TYPE_OF, properties_of
from orchestrator.api.reconciliation.queries import CONCORD_ID
from orchestrator.api.reconciliation.suggestions import (
    suggested_entities,
    suggested_properties,
    suggested_types,
)
from orchestrator.api.routes.reconcile_access import PREFIX, BothAddresses, ReconcilingCaller
from orchestrator.api.service import Service, ServiceOf
from orchestrator.api.web.rendered import rendered

STYLE: Final = (
    "body{font:14px/1.4 system-ui,sans-serif;margin:8px}h1{font-size:16px;margin:0 0 4px}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;margin:4px 0}dd{margin:0}"
)
STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# OpenRefine runs on the machine of whoever uses it, and shows a preview in a frame.
PREVIEW_HEADERS: Final = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none';"
        " frame-ancestors http://127.0.0.1:* http://localhost:*"
    ),
    "referrer-policy": "no-referrer",
}
SHOWN: Final = (
    *("primary_email", "primary_phone", "primary_domain", "job_title", "company_name"),
    *("street", "postcode", "city", "country", "n_records"),
)
Prefix = Annotated[str, Query(max_length=200, description="What was typed.")]
TypeId = Annotated[str, Query(alias="type", max_length=100, description="Person or Company.")]
Cursor = Annotated[int, Query(ge=0, le=1000, description="How many to leave out.")]
Limit = Annotated[int, Query(ge=1, le=1000)]
EntityId = Annotated[str, Path(min_length=1, max_length=100)]
What = Literal["entity", "property", "type"]


def suggest(
    service: ServiceOf,
    caller: ReconcilingCaller,
    what: What,
    prefix: Prefix = "",
    type_id: TypeId = "",
    cursor: Cursor = 0,
) -> dict[str, Any]:
    """Return entities, properties or types whose names begin so.

    The protocol wants what was typed in the address. It is written into no log of the service.
    """
    if what == "type":
        return {"result": suggested_types(prefix)[cursor:]}
    if what == "property":
        return {"result": suggested_properties(prefix, type_id)[cursor:]}
    service.count(caller, "search", service.settings.serve.searches_per_minute)
    found = suggested_entities(
        service.snapshot, prefix, type_id, cursor, lambda rows: service.shown(caller, rows)
    )
    service.audit(caller, "search", *(one["id"] for one in found))
    return {"result": found}


def properties(
    caller: ReconcilingCaller,  # noqa: ARG001 - whoever it is
    type_id: TypeId = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Return what new columns can be made of."""
    found = [one.document() for one in properties_of(type_id)[:limit]]
    return {"properties": found, "type": type_id, "limit": limit}


def preview(service: ServiceOf, caller: ReconcilingCaller, entity_id: EntityId) -> Response:
    """Return a small page about an entity, for a frame in OpenRefine."""
    values = _facts(service, caller, entity_id)
    text = rendered("reconcile_preview", is_page=True, style=STYLE, **values)
    return HTMLResponse(text, headers=PREVIEW_HEADERS)


def flyout(service: ServiceOf, caller: ReconcilingCaller, entity_id: EntityId) -> dict[str, str]:
    """Return the same as a piece of HTML, for what is suggested."""
    values = _facts(service, caller, entity_id)
    text = rendered("reconcile_preview", is_page=False, style="", **values)
    return {"id": entity_id, "html": text}


def view(request: Request, entity_id: EntityId) -> Response:
    """Lead to the page that an id would have, which asks for a login; nothing is looked up."""
    if not CONCORD_ID.fullmatch(entity_id):
        raise Refusal("unknown_id", "this is no id of Concord")
    page = "person" if entity_id.startswith("per_") else "company"
    try:
        return RedirectResponse(request.app.url_path_for(page, entity_id=entity_id), 303)
    except NoMatchFound as error:
        raise Refusal("unknown_path", "there are no pages here") from error


def _facts(service: Service, caller: Caller, entity_id: str) -> dict[str, Any]:
    service.count(caller, "preview", service.settings.serve.lookups_per_minute)
    found = current_row(service.snapshot, entity_id)
    if found is None:
        raise Refusal("unknown_id", "nobody has this id")
    entity, row = found
    service.audit(caller, "read", str(row[f"{entity}_id"]))
    (seen,) = service.shown(caller, [row])
    facts = [
        (PROPERTIES[name].name, seen[name]) for name in SHOWN if seen.get(name) not in (None, "")
    ]
    return {"title": seen["display_name"] or entity_id, "type": TYPE_OF[entity], "facts": facts}


endpoints = BothAddresses()
endpoints.add("/suggest/{what}", suggest, "GET", "too_many")
endpoints.add("/properties", properties, "GET")
endpoints.add(
    "/preview/{entity_id}", preview, "GET", "unknown_id", "too_many", answers_with=HTMLResponse
)
endpoints.add("/flyout/entity/{entity_id}", flyout, "GET", "unknown_id", "too_many")
# Needs no key, which would else stay in the history of a browser.
links = APIRouter(prefix=PREFIX, include_in_schema=False)
links.add_api_route("/view/{entity_id}", view, responses=refusals("unknown_id"))
