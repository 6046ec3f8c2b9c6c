"""The Reconciliation Service API 0.2, as OpenRefine speaks it: manifest, matching, new columns.

The same answers are at `/reconcile` with a bearer token and at `/reconcile/KEY` without one.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Form, Request
from starlette.routing import NoMatchFound

from orchestrator.api.callers import Caller
from orchestrator.api.problems import Refusal
from orchestrator.api.reconciliation.extension import extended
from orchestrator.api.reconciliation.manifest import manifest
from orchestrator.api.reconciliation.matching import candidate_documents, candidates
from orchestrator.api.reconciliation.queries import (
    BATCH,
    CONCORD_ID,
    EXTENSION,
    read_json,
    refuse_more_than,
)
from orchestrator.api.reconciliation.sought import n_lookups
from orchestrator.api.routes.reconcile_access import (
    PREFIX,
    BothAddresses,
    ReconcilingCaller,
    root_of,
)
from orchestrator.api.service import Service, ServiceOf

IN_A_BODY: Final = ("queries", "query", "extend")
JsonField = Annotated[str | None, Form(description="JSON, as the protocol has it.")]


def service_manifest(request: Request, service: ServiceOf) -> dict[str, Any]:
    """Return what the service can do; nobody has to sign in for it.

    This and all below is at `/reconcile/KEY` too, where a key takes the place of the token.
    Questions are not taken in the address: names belong into no address.
    """
    if set(IN_A_BODY) & set(request.query_params):
        raise Refusal("wrong_request", "send `queries` or `extend` as a form, by POST")
    key = request.path_params.get("key")
    if key is not None:
        service.reconcile_keys.caller(key)
    base = root_of(request) + request.url.path.rstrip("/")
    most = service.settings.serve.max_batch
    return manifest(base, _view(request), most, needs_header=key is None)


def answer_form(
    service: ServiceOf,
    caller: ReconcilingCaller,
    queries: JsonField = None,
    extend: JsonField = None,
) -> dict[str, Any]:
    """Match rows (`queries`), or return values of matched ones (`extend`).

    There may be CONCORD_SERVE_MAX_BATCH of them; each counts as a lookup.
    """
    if extend is not None and queries is None:
        return _extend(service, caller, extend)
    if queries is None or extend is not None:
        raise Refusal("wrong_request", "send either `queries` or `extend`")
    return _match(service, caller, queries)


def _match(service: Service, caller: Caller, text: str) -> dict[str, Any]:
    serve = service.settings.serve
    batch = read_json(BATCH, text, "queries")
    refuse_more_than(len(batch), serve.max_batch)
    if not batch:
        return {}
    cost = sum(n_lookups(query) for query in batch.values())
    service.count(caller, "lookup", serve.lookups_per_minute, cost)
    snapshot, region = service.snapshot, service.settings.default_phone_region
    found = {key: candidates(snapshot, query, region) for key, query in batch.items()}
    ids = [str(one.row["entity_id"]) for several in found.values() for one in several]
    service.audit(caller, "reconcile", *ids)
    return {
        key: {"result": candidate_documents(several, lambda rows: service.shown(caller, rows))}
        for key, several in found.items()
    }


def _extend(service: Service, caller: Caller, text: str) -> dict[str, Any]:
    serve = service.settings.serve
    asked = read_json(EXTENSION, text, "extend")
    refuse_more_than(len(asked.ids), serve.max_batch)
    if asked.ids:
        service.count(caller, "lookup", serve.lookups_per_minute, len(asked.ids))
    # What is no id may be anything, and is not written down.
    ids = [name for name in asked.ids if CONCORD_ID.fullmatch(name)]
    service.audit(caller, "reconcile extend", *ids)
    return extended(service.snapshot, asked, lambda rows: service.shown(caller, rows))


def _view(request: Request) -> str | None:
    """Return the template of the pages' addresses; None where there are no pages."""
    try:
        request.app.url_path_for("person", entity_id="x")
    except NoMatchFound:
        return None
    return f"{root_of(request)}{PREFIX}/view/{{{{id}}}}"


endpoints = BothAddresses()
endpoints.add("", service_manifest, "GET")
endpoints.add("", answer_form, "POST", "too_many")
