"""Runs, quality, and the matching model as it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from orchestrator.api.documents import Entity, Rows
from orchestrator.api.problems import Refusal, refusals
from orchestrator.api.service import CallerOf, ServiceOf
from orchestrator.serving.weights import model_levels, model_versions

router = APIRouter(tags=["operation"])

Limit = Annotated[int, Query(ge=1, le=200)]
RunId = Annotated[str, Path(min_length=1, max_length=100)]


@router.get("/runs")
def runs(service: ServiceOf, caller: CallerOf, limit: Limit = 20) -> Rows:  # noqa: ARG001
    """Return the latest runs, the newest first, as in fct_runs."""
    snapshot = service.snapshot
    rows = snapshot.table("fct_runs", "order by started_at desc limit ?", limit)
    return Rows(**service.as_of(snapshot), rows=rows)


@router.get("/runs/{run_id}/nodes", responses=refusals("unknown_id"))
def nodes(service: ServiceOf, caller: CallerOf, run_id: RunId) -> Rows:  # noqa: ARG001
    """Return what became of each node of a run, the slowest first, as in fct_node_results."""
    snapshot = service.snapshot
    rows = snapshot.table(
        "fct_node_results", "where run_id = ? order by duration_seconds desc", run_id
    )
    if not rows and not snapshot.table("fct_runs", "where run_id = ?", run_id):
        raise Refusal("unknown_id", "no run has this id")
    return Rows(**service.as_of(snapshot), rows=rows)


@router.get("/quality")
def quality(
    service: ServiceOf,
    caller: CallerOf,  # noqa: ARG001
    entity: Entity = "person",
    limit: Limit = 30,
) -> Rows:
    """Return how good the matching was in the latest runs, as in match_quality."""
    snapshot = service.snapshot
    rows = snapshot.table(
        "match_quality", "where entity = ? order by run_started_at desc limit ?", entity, limit
    )
    return Rows(**service.as_of(snapshot), rows=rows)


@router.get("/model")
def model(service: ServiceOf, caller: CallerOf, entity: Entity = "person") -> Rows:  # noqa: ARG001
    """Return the comparisons of the newest model: levels, m- and u-probabilities, match weights."""
    snapshot = service.snapshot
    newest = next((row["model_version"] for row in model_versions(snapshot, entity)), "")
    return Rows(**service.as_of(snapshot), rows=model_levels(snapshot, entity, newest))
