"""Runs: how long they took, what they cost, how good they were, what was odd, what is broken."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cachetools import LRUCache, cached
from fastapi import APIRouter, Response

from orchestrator.api.problems import Refusal
from orchestrator.api.routes.operations import RunId
from orchestrator.api.service import ServiceOf
from orchestrator.api.web.page import SessionOf, page
from orchestrator.dbt.node import NodeTotals
from orchestrator.decisions.decision import ENTITIES
from orchestrator.run_log.run import Run

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row, Snapshot

router = APIRouter(include_in_schema=False)

LATEST: Final = 30
MOST_NODES: Final = 500
OPEN_ALERTS: Final = """
where stage != 'resolved' and happened_at = (
    select max(others.happened_at) from alert_events as others
    where others.fingerprint = alert_events.fingerprint
)
order by severity, first_seen_at
limit 100
"""
NEWEST_OBSERVATIONS: Final = "where is_anomalous = 1 order by abs(score) desc limit 50"


@router.get("/runs")
def runs_page(service: ServiceOf, session: SessionOf) -> Response:
    """Show the latest runs, what they took, and how good the matching was in them."""
    snapshot = service.snapshot
    runs = snapshot.table("fct_runs", "order by started_at desc limit ?", LATEST)
    quality = snapshot.table(
        "match_quality", "order by run_started_at desc limit ?", LATEST * len(ENTITIES)
    )
    return page(
        "runs",
        service,
        session,
        runs=runs,
        quality=quality,
        anomalies=snapshot.table("run_anomalies", NEWEST_OBSERVATIONS),
        alerts=snapshot.table("alert_events", OPEN_ALERTS),
        charts=_charts(snapshot, runs, quality),
    )


@router.get("/runs/{run_id}")
def run_page(service: ServiceOf, session: SessionOf, run_id: RunId) -> Response:
    """Show one run: what became of each node, the slowest first."""
    snapshot = service.snapshot
    runs = snapshot.table("fct_runs", "where run_id = ?", run_id)
    if not runs:
        raise Refusal("unknown_id", "no run has this id")
    nodes = snapshot.table(
        "fct_node_results",
        "where run_id = ? order by duration_seconds desc limit ?",
        *(run_id, MOST_NODES),
    )
    return page("run", service, session, run=runs[0], nodes=nodes)


# Drawing takes half a second, and of one snapshot the charts are always the same.
@cached(LRUCache(2), key=lambda snapshot, *_: snapshot.file.name, lock=threading.Lock())
def _charts(
    snapshot: Snapshot,  # noqa: ARG001 - what they are kept under
    runs: list[Row],
    quality: list[Row],
) -> dict[str, str]:
    """Draw what a look tells better than a table; nothing where there is nothing to compare."""
    from orchestrator.report import quality_charts, run_charts

    ended = [_run(row) for row in reversed(runs) if row["started_at"] and row["ended_at"]]
    drawn: dict[str, str] = {}
    if len(ended) > 1:
        drawn["Minutes"] = run_charts.run_duration_chart(ended)
        if any(run.totals.bytes_billed for run in ended):
            drawn["Billed"] = run_charts.run_bytes_chart(ended)
    measured = [row for row in quality if row["expected_precision"] is not None]
    if len({row["run_started_at"] for row in measured}) > 1:
        drawn["Expected quality"] = quality_charts.quality_over_time_chart(measured)
    return drawn


def _run(row: Row) -> Run:
    """Return a row of fct_runs as what the charts draw."""
    return Run(
        run_id=str(row["run_id"]),
        command=str(row["command"]),
        target=str(row["target"]),
        dataset=str(row["dataset_prefix"]),
        started_at=datetime.fromisoformat(row["started_at"]),
        ended_at=datetime.fromisoformat(row["ended_at"]),
        status=row["status"] or "",
        counted=NodeTotals(
            row["n_nodes"] or 0, row["n_failed_nodes"] or 0, row["bytes_billed"], None
        ),
    )
