"""The run log in a warehouse: tables, rows, older tables, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from google.cloud.bigquery import Table

from orchestrator.bigquery.connect import Connection
from orchestrator.dbt.node import NodeTotals
from orchestrator.run_log.history import read_nodes, read_runs, runs_of_copies
from orchestrator.run_log.load import ensure_run_log
from orchestrator.run_log.rows import NODES, RUNS, table_schema
from orchestrator.run_log.write import write_run
from tests.unit.run_sample import ended_run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.integration


@pytest.fixture
def ops(connection: Connection, tmp_path: Path) -> Connection:
    """Return a connection with a log of its own."""
    name = f"log_{tmp_path.name}".replace("-", "_")
    settings = connection.settings.with_changes(dataset=name[:60])
    return Connection(settings, connection.client)


def count(connection: Connection, table: str) -> int:
    name = connection.table_id(connection.settings.ops_dataset, table)
    return int(next(iter(connection.query(f"select count(*) as n from `{name}`")))["n"])


def test_a_run_comes_back_as_it_was_written(ops: Connection) -> None:
    record = ended_run("r1", fencing_token=7, stale_sources=("gmail.message",))
    result = write_run(ops, record)
    assert (result.problem, result.loaded) == ("", ("r1",))
    name = ops.table_id(ops.settings.ops_dataset, RUNS)
    (row,) = ops.query(f"select * from `{name}`")
    assert row["started_at"] == record.started_at
    assert row["invocation_ids"] == ["i1", "i2"]
    assert row["step_seconds"] == [
        {"step": "freshness", "seconds": 2.0},
        {"step": "build", "seconds": 88.0},
    ]
    assert (row["fencing_token"], row["resumes"]) == (7, None)
    table = ops.client.get_table(name)
    assert table.time_partitioning.field == "started_at"
    assert table.clustering_fields == ["run_id"]


def test_a_run_is_there_once_however_often_it_is_written(ops: Connection) -> None:
    ensure_run_log(ops)
    assert read_runs(ops, 5) == ()
    for run_id in ("r1", "r2", "r1"):
        assert write_run(ops, ended_run(run_id)).problem == ""
    assert (count(ops, RUNS), count(ops, NODES)) == (2, 4)
    runs = read_runs(ops, 5)
    assert runs == runs_of_copies(ops.settings, 5)
    assert [run.run_id for run in runs] == ["r2", "r1"]
    assert runs[0].totals == NodeTotals(2, 1, 10_485_760, "stg_files__people")
    assert [node.name for node in read_nodes(ops, "r2")] == ["stg_files__people", "dim_persons"]


def test_an_older_log_gets_the_new_columns_and_keeps_its_rows(ops: Connection) -> None:
    ops.client.create_dataset(ops.settings.ops_dataset)
    name = ops.table_id(ops.settings.ops_dataset, RUNS)
    ops.client.create_table(Table(name, schema=table_schema(RUNS)[:-3]))
    ops.query(f"insert into `{name}` (run_id, status) values ('r0', 'success')")
    assert write_run(ops, ended_run("r1", published_tables=3)).problem == ""
    rows = ops.query(f"select run_id, published_tables from `{name}` order by run_id")
    assert [tuple(row.values()) for row in rows] == [("r0", None), ("r1", 3)]
