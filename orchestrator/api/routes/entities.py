"""One person or company: golden record, records, where values come from, what happened."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.cursors import Cursor, page_after, read_cursor
from orchestrator.api.documents import EntityDocument, RecordPair, Rows
from orchestrator.api.problems import Refusal, refusals
from orchestrator.api.service import CallerOf, ServiceOf
from orchestrator.serving.lookup import golden, survivor
from orchestrator.serving.snapshot import Snapshot
from orchestrator.serving.weights import pair_steps

router = APIRouter(tags=["entities"])

OF_PATH: Final = {"persons": "person", "companies": "company"}
Kind = Annotated[str, Path(pattern="^(persons|companies)$")]
EntityId = Annotated[str, Path(min_length=1, max_length=100)]
GONE_OVER: Final = {
    308: {"description": "The id is retired: `Location` has the one that survived."},
    **refusals("unknown_id", "unknown_path", "retired_without_successor", "wrong_cursor"),
}
# Aspect of an entity -> the rows of the snapshot; {entity} is person or company.
ASPECTS: Final = {
    "members": (
        "bridge_{entity}_records",
        """
        left join (
            select record_id as text_of, record_name, record_address, record_contacts
            from int_record_texts where entity = '{entity}'
        ) on text_of = record_id
        where {entity}_id = ? order by record_id
        """,
    ),
    "provenance": (
        "{entity}_value_provenance",
        "where {entity}_id = ? order by field, value, record_id",
    ),
    "history": (
        "entity_events",
        """
        where entity = '{entity}' and (entity_id = ?1 or entity_id_before = ?1)
        order by happened_at desc, event, run_id, entity_id_before
        """,
    ),
}
FURTHER: Final = {
    "person": {
        "contacts": ("person_contact_points", "where person_id = ? order by kind, value"),
        "addresses": (
            "person_addresses",
            "where person_id = ? order by last_seen_at desc, person_address_id",
        ),
        "employments": (
            "person_employments",
            "where person_id = ? order by last_seen_at desc, person_employment_id",
        ),
    },
    "company": {
        "hierarchy": (
            "company_hierarchy",
            "where company_id = ?1 or parent_company_id = ?1 order by level, company_id",
        ),
        "employments": (
            "person_employments",
            "where company_id = ? order by person_id, person_employment_id",
        ),
    },
}


@router.get(
    "/{kind}/{entity_id}",
    response_model=EntityDocument,
    responses=GONE_OVER,
)
def entity(
    service: ServiceOf, caller: CallerOf, request: Request, kind: Kind, entity_id: EntityId
) -> Any:  # noqa: ANN401 - a document or a redirection
    """Return the golden record."""
    snapshot = service.snapshot
    row, moved = _known(snapshot, request, kind, entity_id)
    if moved is not None:
        return moved
    service.audit(caller, "read", entity_id)
    (shown,) = service.shown(caller, [row])
    return EntityDocument(
        **service.as_of(snapshot), entity=OF_PATH[kind], entity_id=entity_id, golden=shown
    )


@router.get("/{kind}/{entity_id}/{aspect}", response_model=Rows, responses=GONE_OVER)
def aspect_of(
    service: ServiceOf,
    caller: CallerOf,
    request: Request,
    kind: Kind,
    entity_id: EntityId,
    aspect: Annotated[
        str,
        Path(
            pattern="^(members|provenance|history|contacts|addresses|employments|hierarchy)$",
            description="contacts and addresses: of persons; hierarchy: of companies.",
        ),
    ],
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Any:  # noqa: ANN401
    """Return records of an entity, where its values come from, what happened to it, and more."""
    snapshot = service.snapshot
    known = {**ASPECTS, **FURTHER[OF_PATH[kind]]}
    if aspect not in known:
        raise Refusal("unknown_path", f"{kind} have no {aspect}")
    _, moved = _known(snapshot, request, kind, entity_id)
    if moved is not None:
        return moved
    service.audit(caller, f"read {aspect}", entity_id)
    table, rest = (part.format(entity=OF_PATH[kind]) for part in known[aspect])
    after = read_cursor(snapshot, cursor)
    # The snapshot never changes, so that a row keeps its place.
    rows = snapshot.table(table, f"{rest} limit {limit + 1} offset {after}", entity_id)
    page, following = page_after(snapshot, rows, limit, after)
    return Rows(**service.as_of(snapshot), rows=service.shown(caller, page), next_cursor=following)


@router.post("/explanations", responses=refusals("unknown_id"))
def explanation(service: ServiceOf, caller: CallerOf, pair: RecordPair) -> Rows:
    """Return the waterfall of a pair: what each comparison says, in bits (Fellegi-Sunter)."""
    snapshot = service.snapshot
    rows = pair_steps(snapshot, pair.record_id_l, pair.record_id_r)
    if not rows:
        raise Refusal("unknown_id", "this pair is not explained: it was not compared, or is clear")
    service.audit(caller, "explain", *{str(row["entity_id"]) for row in rows})
    return Rows(**service.as_of(snapshot), rows=service.shown(caller, rows))


def _known(
    snapshot: Snapshot, request: Request, kind: str, entity_id: str
) -> tuple[dict[str, Any], Response | None]:
    """Return the golden record, or where to find the one that a retired id went over to."""
    row = golden(snapshot, OF_PATH[kind], entity_id)
    if row is not None:
        return row, None
    alias = survivor(snapshot, entity_id)
    if alias is None or alias["entity"] != OF_PATH[kind]:
        raise Refusal("unknown_id", f"no entry in {kind} has this id")
    if not alias["entity_id"]:
        raise Refusal("retired_without_successor", f"it ended: {alias['cause'] or alias['event']}")
    target = str(request.url.path).replace(entity_id, str(alias["entity_id"]))
    return {}, RedirectResponse(target, 308)
