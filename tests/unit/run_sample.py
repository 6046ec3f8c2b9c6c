"""A run for tests: what went wrong in it is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.dbt.node import Node
from orchestrator.dbt.request import RunRequest
from orchestrator.run_log.run import Run
from orchestrator.sources.freshness import StaleTable

STARTED = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def node(name: str, status: str = "success", **values: Any) -> Node:  # noqa: ANN401
    return Node(f"model.concord.{name}", status, **{"seconds": 1.5} | values)


FAILED = node(
    "stg_files__people",
    "error",
    attempts=2,
    error_class=ErrorClass.PERMANENT,
    message="400 Bad int64 value: Ann Lee, ann.lee@example.org",
)
BUILT = node("dim_persons", bytes_billed=10_485_760, slot_ms=1200, rows_affected=42, job_id="j1")


def ended_run(run_id: str = "20261125t020000z-0a1b2c", **values: Any) -> Run:  # noqa: ANN401
    nodes = values.pop("nodes", (FAILED, BUILT))
    stale = values.pop("stale_sources", ())
    defaults: dict[str, Any] = {
        "command": "run",
        "target": "local",
        "dataset": "concord",
        "started_at": STARTED,
        "ended_at": STARTED + timedelta(seconds=90),
        "status": "failed",
        "exit_code": 1,
        "problem": "stg_files__people: Bad int64 value: Ann Lee",
        "attempts": 2,
        "retries": 1,
        "invocation_ids": ("i1", "i2"),
        "step_seconds": {"freshness": 2.0, "build": 88.0},
        "node_by_id": {node.unique_id: node for node in nodes},
        "stale_tables": tuple(StaleTable(name, timedelta(hours=99)) for name in stale),
    }
    return Run(run_id, **(defaults | values))


def begun_run(run_id: str, **values: Any) -> Run:  # noqa: ANN401
    """Return a run as its file tells of it."""
    defaults: dict[str, Any] = {
        "command": "run",
        "target": "local",
        "dataset": "concord",
        "started_at": STARTED,
        "attempts_dir": "/attempts",
        "request": RunRequest(),
    }
    return Run(run_id, **(defaults | values))
