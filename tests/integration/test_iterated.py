"""The materialization `iterated`: its end, and what happens when it does not come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dbt.cli.main import dbtRunner

from orchestrator.dbt.loading import load_dbt
from orchestrator.local_warehouse import process
from tests.integration.conftest import client_of, written_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dbt_common.events.base_types import EventMsg

    from orchestrator.local_warehouse.state import Warehouse

pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

COUNT = """
{{{{ config(materialized='iterated', meta={meta}) }}}}
select number + 1 as number, round + 1 as round, number + 1 >= {end} as is_converged
from {{{{ ref('start') }}}}
"""
LAID_OUT = """
{{ config(
    materialized='iterated', CLAUSE
    meta={'initial': 'dated', 'step': 'todo', 'max_rounds': 5, 'at_limit': 'fail'},
) }}
-- depends_on: {{ ref('start') }}
select day, number + 1 as number, round + 1 as round, number + 1 >= 3 as is_converged
from {{ ref('dated') }}
where (select count(*) from {{ ref('todo') }}) >= 0
"""
FILES = {
    "dbt_project.yml": 'name: small\nversion: "1.0"\nprofile: concord\n',
    "models/start.sql": """
{{ config(materialized='table') }}
select 0 as number, 0 as round, false as is_converged
""",
    "models/ends.sql": COUNT.format(
        meta={"initial": "start", "max_rounds": 5, "at_limit": "fail"}, end=3
    ),
    "models/kept.sql": COUNT.format(
        meta={"initial": "start", "max_rounds": 5, "at_limit": "keep"}, end=9
    ),
    "models/fails.sql": COUNT.format(
        meta={"initial": "start", "max_rounds": 5, "at_limit": "fail"}, end=9
    ),
    # What there is to count in a round, and a round that reads it twice.
    "models/todo.sql": """
{{ config(materialized='table') }}
select number from {{ ref('start') }} where number < 3
""",
    "models/stepped.sql": """
{{ config(
    materialized='iterated',
    meta={
        'initial': 'start', 'step': 'todo', 'verdict': 'step', 'max_rounds': 9, 'at_limit': 'fail'
    },
) }}
with todo as (select count(*) as n from {{ ref('todo') }})
select start.number + todo.n as number, round + 1 as round, todo.n = 0 as is_converged
from {{ ref('start') }} as start
cross join todo
""",
    "models/dated.sql": """
{{ config(materialized='table') }}
select date '2026-01-01' as day, 0 as number, 0 as round, false as is_converged
""",
    "models/stepless.sql": COUNT.format(
        meta={"initial": "start", "verdict": "step", "max_rounds": 5, "at_limit": "keep"}, end=3
    ),
    "models/undecided.sql": COUNT.format(meta={"initial": "start", "max_rounds": 5}, end=3),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_project(tmp_path_factory.mktemp("small"), FILES, "local", "materializations")


@pytest.fixture(scope="module")
def warehouse(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    data_dir = tmp_path_factory.mktemp("warehouse")
    with process.ephemeral(data_dir, "concord-local", "1GB", project_dir=folder) as running:
        yield running


@pytest.fixture(autouse=True)
def environment(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONCORD_TARGET", "CONCORD_PROJECT", "CONCORD_WAREHOUSE_CHECK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in warehouse.variables().items():
        monkeypatch.setenv(name, value)


def _run(folder: Path, model: str, *before: str) -> tuple[bool, str, list[str]]:
    """Build `start` and a model; returns success, the model's message and the warnings."""
    warnings: list[str] = []

    def listen(event: EventMsg) -> None:
        if event.info.level == "warn":
            warnings.append(event.info.msg)

    load_dbt()
    result = dbtRunner(callbacks=[listen]).invoke(
        [
            *("run", "--select", "start", *before, model, "--quiet"),
            *("--project-dir", str(folder), "--profiles-dir", str(folder)),
        ]
    )
    nodes: Any = result.result
    return result.success, str(list(nodes)[-1].message), warnings


def test_it_ends_when_every_row_says_so(folder: Path) -> None:
    success, _, warnings = _run(folder, "ends")
    assert (success, warnings) == (True, [])


def test_a_step_runs_before_each_round_and_ends_them(folder: Path, warehouse: Warehouse) -> None:
    success, _, warnings = _run(folder, "stepped", "todo")
    assert (success, warnings) == (True, [])
    client = client_of(warehouse)
    [row] = client.query_and_wait("select * from concord.stepped")
    # Counted three times; the fourth round finds nothing to count.
    assert dict(row) == {"number": 3, "round": 4, "is_converged": True}
    # The step keeps what it found in the first round.
    assert [row["number"] for row in client.query_and_wait("select * from concord.todo")] == [0]
    tables = {table.table_id for table in client.list_tables("concord")}
    assert {name for name in tables if "__round_" in name} == set()


def test_clusters_and_partitions_are_those_of_the_result(
    folder: Path, warehouse: Warehouse
) -> None:
    client = client_of(warehouse)
    laid_out = folder / "models" / "laid_out.sql"
    clauses = {
        "": (None, None),
        "cluster_by=['day'],": (["day"], None),
        "partition_by={'field': 'day', 'data_type': 'date', 'granularity': 'month'},": (
            None,
            ("day", "MONTH"),
        ),
    }
    for clause, layout in clauses.items():
        laid_out.write_text(LAID_OUT.replace("CLAUSE", clause), encoding="utf-8")
        success, message, _ = _run(folder, "laid_out", "dated", "todo")
        assert success, message
        table = client.get_table("concord.laid_out")
        parts = table.time_partitioning
        assert (table.clustering_fields, parts and (parts.field, parts.type_)) == layout
    laid_out.unlink()


def test_at_the_limit_the_last_state_is_kept_with_a_warning(folder: Path) -> None:
    success, _, warnings = _run(folder, "kept")
    assert success
    assert len([text for text in warnings if "kept has not converged after 5 rounds" in text]) == 1


def test_at_the_limit_a_model_that_must_end_fails(folder: Path) -> None:
    success, message, _ = _run(folder, "fails")
    assert not success
    assert "fails has not converged after 5 rounds" in message


def test_a_model_says_what_happens_at_the_limit(folder: Path) -> None:
    success, message, _ = _run(folder, "undecided")
    assert not success
    assert "undecided: meta.at_limit is fail or keep" in message


def test_a_verdict_by_a_step_needs_a_step(folder: Path) -> None:
    success, message, _ = _run(folder, "stepless")
    assert not success
    assert "stepless: meta.verdict is step, and there is no meta.step" in message
