"""`concord retry` with real dbt: what is left of a run, and nothing else."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from orchestrator.cli import execute
from tests.integration.conftest import export_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

MODELS = {
    "early": "select 1 as x",
    "late": "select x from `{{ target.project }}`.later.numbers",
    "below": "select x from {{ ref('late') }}",
}


@pytest.fixture
def project(connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project in which one model reads a table that is not there yet."""
    folder = tmp_path / "project"
    ignored = shutil.ignore_patterns(".concord", "target", "logs")
    shutil.copytree(connection.settings.project_dir, folder, ignore=ignored)
    for name, sql in MODELS.items():
        (folder / "models" / f"{name}.sql").write_text(
            "{{ config(materialized='table') }}\n" + sql, encoding="utf-8"
        )
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(folder))
    monkeypatch.setenv("CONCORD_DATASET", "resumed")
    export_warehouse(monkeypatch, connection.settings)
    return folder


def test_retry_builds_what_is_left(
    project: Path, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    selection = [part for name in MODELS for part in ("--select", name)]
    code = execute(["run", *selection])
    captured = capsys.readouterr()
    assert code == 1, captured.err
    told = captured.out
    assert "1 success, 1 error, 1 skipped" in told, captured.err
    found = re.search(r"concord retry (\S+)'", told)
    assert found
    run_id = found.group(1)

    connection.query("create schema later")
    connection.query("create table later.numbers as select 7 as x")
    connection.query("drop table resumed.early")
    assert execute(["retry"]) == 0
    assert "3 success" in capsys.readouterr().out
    [row] = connection.query("select x from resumed.below")
    assert row["x"] == 7
    tables = {table.table_id for table in connection.client.list_tables("resumed")}
    # What was built is not built again.
    assert "early" not in tables

    assert execute(["retry", run_id]) == 0
    assert "Nothing is left to run." in capsys.readouterr().out
    rows = connection.query(
        "select resumes, status from resumed_ops.pipeline_runs order by started_at"
    )
    assert [tuple(row.values()) for row in rows] == [(None, "failed"), (run_id, "success")]
    rows = connection.query(
        "select name, status, attempts from resumed_ops.node_results "
        f"where run_id = '{run_id}' order by name"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("below", "skipped", 0),
        ("early", "success", 1),
        ("late", "error", 1),
    ]
