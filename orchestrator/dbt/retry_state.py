"""Writes the state folder from which `dbt retry` takes what to run.

dbt's own results do not do: they leave out what an interrupt cut off, and they hold the nodes that
fail for good, which must not be tried again.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SCHEMA: Final = "https://schemas.getdbt.com/dbt/run-results/v6.json"


def write_dbt_state(folder: Path, nodes: Iterable[str], flags: Mapping[str, Any]) -> None:
    """Write a run_results.json in which exactly these nodes are left to run."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    document = {
        "metadata": {
            "dbt_schema_version": SCHEMA,
            "generated_at": now,
            "invocation_id": "",
            "invocation_started_at": now,
            "env": {},
        },
        "results": [_left_to_run(name) for name in sorted(nodes)],
        "elapsed_time": 0.0,
        "args": dict(flags),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run_results.json").write_text(json.dumps(document), encoding="utf-8")


def _left_to_run(unique_id: str) -> dict[str, Any]:
    return {
        "unique_id": unique_id,
        "status": "skipped",
        "timing": [],
        "thread_id": "",
        "execution_time": 0.0,
        "adapter_response": {},
        "message": None,
        "failures": None,
        "compiled": None,
        "compiled_code": None,
        "relation_name": None,
        "batch_results": None,
    }
