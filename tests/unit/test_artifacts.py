"""dbt's result files, as the wrapper sees them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from orchestrator.dbt.artifacts import read_manifest, read_run_results

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, name: str, document: dict[str, Any]) -> None:
    """Write one artifact."""
    (folder / name).write_text(json.dumps(document), encoding="utf-8")


def result(unique_id: str, status: str, seconds: float = 1.0, **more: object) -> dict[str, object]:
    """Return one entry of run_results.json."""
    return {"unique_id": unique_id, "status": status, "execution_time": seconds} | more


def test_run_results(tmp_path: Path) -> None:
    entries = [
        result("model.concord.dim_persons", "success", 2.0, relation_name="`p`.d.dim_persons"),
        result("test.concord.unique_x.abc", "fail", 0.5, message="Got 2 results", failures=2),
        result("model.concord.bad", "error", 3.0, message="no such column"),
        result("model.concord.later", "skipped", 0),
    ]
    write(
        tmp_path,
        "run_results.json",
        {"metadata": {"invocation_id": "i1"}, "elapsed_time": 6.5, "results": entries},
    )
    results = read_run_results(tmp_path)
    assert results is not None
    invocation_id, nodes = results
    assert invocation_id == "i1"
    assert [node.name for node in nodes if node.has_failed] == ["unique_x", "bad"]
    assert nodes[0].relation == "`p`.d.dim_persons"
    assert nodes[1].failures == 2
    assert [node.attempts for node in nodes] == [1, 1, 1, 0]


def test_manifest(tmp_path: Path) -> None:
    node = {
        "name": "stg_a",
        "resource_type": "model",
        "original_file_path": "models/stg_a.sql",
        "relation_name": "`p`.d.stg_a",
        "depends_on": {"nodes": ["source.concord.s.a"]},
    }
    source = {"name": "a", "resource_type": "source", "relation_name": "`p`.raw.a"}
    write(
        tmp_path,
        "manifest.json",
        {"nodes": {"model.concord.stg_a": node}, "sources": {"source.concord.s.a": source}},
    )
    manifest = read_manifest(tmp_path)
    assert manifest["model.concord.stg_a"].depends_on == ("source.concord.s.a",)
    assert manifest["source.concord.s.a"].relation == "`p`.raw.a"


def test_nothing_written_is_nothing_read(tmp_path: Path) -> None:
    assert read_run_results(tmp_path) is None
    assert read_manifest(tmp_path) == {}
