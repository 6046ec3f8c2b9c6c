"""Who is this?"""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from orchestrator.api.callers import Caller
from orchestrator.api.documents import (
    Answer,
    EntityMeant,
    Lookup,
    LookupAnswers,
    NameFound,
    NamesFound,
    Query,
    Search,
)
from orchestrator.api.problems import Refusal, refusals
from orchestrator.api.service import CallerOf, Service, ServiceOf
from orchestrator.serving.lookup import Asked, find_entities, understood
from orchestrator.serving.search import search_names
from orchestrator.serving.snapshot import Snapshot

router = APIRouter(tags=["who is this"])


@router.post("/lookup", responses=refusals("too_many"))
def lookup(service: ServiceOf, caller: CallerOf, asked: Lookup) -> LookupAnswers:
    """Say who is meant by ids, contacts and names, many at a time.

    What is asked stands in the body: addresses and names belong into no web address.
    """
    n_queries, most = len(asked.queries), service.settings.serve.max_batch
    if n_queries > most:
        raise Refusal("wrong_request", f"{n_queries} queries, at most {most} at a time")
    service.count(caller, "lookup", service.settings.serve.lookups_per_minute, n_queries)
    snapshot = service.snapshot
    region = service.settings.default_phone_region
    answers = [_answer(service, caller, snapshot, query, region) for query in asked.queries]
    ids = [one.entity_id for answer in answers for one in answer.found]
    service.audit(caller, "lookup", *ids)
    return LookupAnswers(**service.as_of(snapshot), answers=answers)


@router.post("/search", responses=refusals("too_many"))
def search(service: ServiceOf, caller: CallerOf, asked: Search) -> NamesFound:
    """Find people and companies by name: as it is written, else as it sounds."""
    service.count(caller, "search", service.settings.serve.searches_per_minute)
    snapshot = service.snapshot
    hits = search_names(snapshot, asked.text, asked.entity or "", asked.limit)
    service.audit(caller, "search", *(hit.entity_id for hit in hits))
    rows = service.shown(caller, [asdict(hit) for hit in hits])
    return NamesFound(**service.as_of(snapshot), hits=[NameFound(**row) for row in rows])


def _answer(
    service: Service, caller: Caller, snapshot: Snapshot, query: Query, region: str
) -> Answer:
    read = understood(query.known(), region)
    found = find_entities(snapshot, Asked(read, query.entity or "")) if read else []
    rows = service.shown(caller, [asdict(one) for one in found])
    meant = [EntityMeant(**{**row, "matched_by": list(row["matched_by"])}) for row in rows]
    return Answer(key=query.key, understood=read, found=meant)
