"""Plain dbt on the local warehouse: the owner's check, contracts, insert_overwrite and docs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from dbt.cli.main import dbtRunner

from orchestrator.local_warehouse import process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.local_warehouse.state import Warehouse

pytestmark = pytest.mark.integration

PROJECT_DIR = Path(__file__).parents[2]
PROJECT = """
name: small
version: "1.0"
profile: concord
on-run-start: ["{{ assert_own_warehouse() }}"]
models: {+materialized: table}
"""
FILES = {
    "dbt_project.yml": PROJECT,
    "models/amounts.sql": """
select 1 as id, sum(x) as amount, [struct('a' as name, 2 as number)] as details
from unnest([1, 2]) as x
""",
    "models/amounts.yml": """
models:
  - name: amounts
    config: {contract: {enforced: true}}
    columns:
      - {name: id, data_type: int64, constraints: [{type: not_null}]}
      - {name: amount, data_type: int64}
      - {name: details, data_type: "array<struct<name string, number int64>>"}
""",
    "models/big_amounts.sql": """
{{ config(materialized='view') }}
select amounts.id as id from {{ ref('amounts') }} as amounts
""",
    "models/days.sql": """
{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
) }}
select date '2026-01-02' as day, {{ 5 if is_incremental() else 2 }} as amount
{% if not is_incremental() %}
union all
select date '2026-01-01' as day, 1 as amount
{% endif %}
""",
    "tests/days_are_replaced.sql": """
select sum(amount) as total from {{ ref('days') }} having sum(amount) not in (3, 6)
""",
}


def _make_project(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy(PROJECT_DIR / "profiles.yml", folder)
    shutil.copytree(PROJECT_DIR / "macros" / "local", folder / "macros")
    return folder


@pytest.fixture(scope="module")
def own_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _make_project(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def warehouse(own_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    data_dir = tmp_path_factory.mktemp("warehouse")
    with process.ephemeral(data_dir, "concord-local", "1GB", project_dir=own_dir) as running:
        yield running


@pytest.fixture(autouse=True)
def environment(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONCORD_TARGET", "CONCORD_PROJECT", "CONCORD_WAREHOUSE_CHECK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in warehouse.variables().items():
        monkeypatch.setenv(name, value)


def _dbt(folder: Path, *arguments: str) -> tuple[bool, str]:
    result = dbtRunner().invoke(
        [*arguments, "--project-dir", str(folder), "--profiles-dir", str(folder), "--quiet"]
    )
    return result.success, str(result.exception or "")


def test_own_project_builds_twice_and_documents(own_dir: Path) -> None:
    assert _dbt(own_dir, "build") == (True, "")
    # The second time dbt replaces one day by a script.
    assert _dbt(own_dir, "build") == (True, "")
    assert _dbt(own_dir, "docs", "generate") == (True, "")
    catalog = json.loads((own_dir / "target" / "catalog.json").read_text(encoding="utf-8"))
    described = {
        node["metadata"]["name"]: (
            node["metadata"]["type"],
            {name: column["type"] for name, column in node["columns"].items()},
        )
        for node in catalog["nodes"].values()
    }
    assert described == {
        "amounts": (
            "table",
            {
                "id": "INT64",
                "amount": "INT64",
                "details": "ARRAY<STRUCT<name STRING, number INT64>>",
            },
        ),
        "big_amounts": ("view", {"id": "INT64"}),
        "days": ("table", {"day": "DATE", "amount": "INT64"}),
    }


def test_relative_folder_is_the_same_project(
    own_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own_dir.parent)
    monkeypatch.setenv("PWD", str(own_dir.parent))
    relative = Path(own_dir.name, "models", "..")
    assert _dbt(relative, "run", "--select", "amounts") == (True, "")


def test_other_project_is_refused(tmp_path: Path, own_dir: Path, warehouse: Warehouse) -> None:
    other_dir = _make_project(tmp_path)
    success, message = _dbt(other_dir, "run", "--select", "amounts")
    assert not success
    assert f"The warehouse at {warehouse.url} belongs to the project in {own_dir}" in message
    assert f"this project is {other_dir}" in message
    assert "type `concord dbt ...` here" in message


def test_check_is_off_or_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other_dir = _make_project(tmp_path)
    assert _dbt(other_dir, "parse") == (True, "")
    assert _dbt(other_dir, "compile", "--select", "amounts") == (True, "")
    monkeypatch.setenv("CONCORD_WAREHOUSE_CHECK", "off")
    assert _dbt(other_dir, "run", "--select", "amounts") == (True, "")
