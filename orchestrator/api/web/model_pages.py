"""The matching model: what each level weighs, what each blocking rule brings, what has changed."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from orchestrator.api.service import ServiceOf
from orchestrator.api.web.bars import with_bars
from orchestrator.api.web.page import SessionOf, page
from orchestrator.api.web.review_pages import ONE_ENTITY
from orchestrator.serving.weights import model_levels, model_versions

router = APIRouter(include_in_schema=False)

MOST_VERSIONS: Final = 50
Version = Annotated[str, Query(max_length=100)]


@router.get("/model")
def model_page(
    service: ServiceOf,
    session: SessionOf,
    entity: Annotated[str, Query(pattern=ONE_ENTITY)] = "person",
    version: Version = "",
    beside: Version = "",
) -> Response:
    """Show the weights of a version, the newest unless it is named, perhaps beside another's."""
    snapshot = service.snapshot
    versions = model_versions(snapshot, entity)
    known = [row["model_version"] for row in versions]
    version = version if version in known else next(iter(known), "")
    beside = beside if beside in known and beside != version else ""
    levels = model_levels(snapshot, entity, version)
    other = {
        (row["comparison"], row["level"]): row for row in model_levels(snapshot, entity, beside)
    }
    return page(
        "model",
        service,
        session,
        entity=entity,
        versions=versions[:MOST_VERSIONS],
        version=version,
        beside=beside,
        bars=with_bars([_compared(row, other) for row in levels]),
        rules=snapshot.table("blocking_rule_yield", "where entity = ? order by rule_bit", entity),
    )


def _compared(row: dict[str, Any], other: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    """Return a level with its weight in the other version, and the change, where it has both."""
    before = other.get((row["comparison"], row["level"]), {}).get("match_weight")
    weight = row["match_weight"]
    change = weight - before if before is not None and weight is not None else None
    return {**row, "weight_before": before, "weight_change": change}
