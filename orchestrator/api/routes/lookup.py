"""Who is this?"""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

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
from orchestrator.api.service import CallerOf, ServiceOf
from orchestrator.serving.lookup import Asked, find_entities, understood
from orchestrator.serving.search import search_names
from orchestrator.serving.snapshot import Snapshot

router = APIRouter(tags=["who is this"])


@router.post("/lookup", responses=refusals("too_many"))
def lookup(service: ServiceOf, caller: CallerOf, asked: Lookup) -> LookupAnswers:
    """Say who is meant by ids, contacts and names, many at a time.

    What is asked stands in the body: addresses and names belong into no web address.
    """
    service.count(caller, "lookup", service.settings.serve.lookups_per_minute)
    most = service.settings.serve.max_batch
    if len(asked.queries) > most:
        raise Refusal("wrong_request", f"{len(asked.queries)} queries, at most {most} at a time")
    snapshot = service.snapshot
    region = service.settings.default_phone_region
    answers = [_answer(snapshot, query, region) for query in asked.queries]
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


def _answer(snapshot: Snapshot, query: Query, region: str) -> Answer:
    read = understood(query.known(), region)
    found = find_entities(snapshot, Asked(read, query.entity or "")) if read else []
    meant = [EntityMeant(**{**asdict(one), "matched_by": list(one.matched_by)}) for one in found]
    return Answer(key=query.key, understood=read, found=meant)
