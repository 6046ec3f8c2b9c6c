"""A run for tests: what went wrong in it is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from orchestrator.dbt.error_classes import ErrorClass
from orchestrator.run_log.record import NodeRecord, RunRecord

STARTED = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def node(name: str, status: str = "success", **values: Any) -> NodeRecord:  # noqa: ANN401
    defaults: dict[str, Any] = {"attempts": 1, "seconds": 1.5, "resource_type": "model"}
    return NodeRecord(f"model.concord.{name}", name, status=status, **(defaults | values))


FAILED = node(
    "stg_files__people",
    "error",
    attempts=2,
    error_class=ErrorClass.PERMANENT,
    message="400 Bad int64 value: Ann Lee, ann.lee@example.org",
)
BUILT = node("dim_persons", bytes_billed=10_485_760, slot_ms=1200, rows_affected=42, job_id="j1")


def run_record(run_id: str = "20261125t020000z-0a1b2c", **values: Any) -> RunRecord:  # noqa: ANN401
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
        "nodes": (FAILED, BUILT),
    }
    return RunRecord(run_id, **(defaults | values))
