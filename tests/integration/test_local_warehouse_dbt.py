"""Plain dbt on the local warehouse: the owner's check, contracts, insert_overwrite and docs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import run_dbt
from tests.project_copy import ROOT

if TYPE_CHECKING:
    from orchestrator.local_warehouse.state import Warehouse

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("use_warehouse")]

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
    shutil.copy(ROOT / "profiles.yml", folder)
    shutil.copytree(ROOT / "macros" / "local", folder / "macros")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _make_project(tmp_path_factory.mktemp("own"))


def _dbt(folder: Path, *arguments: str) -> tuple[bool, str]:
    result = run_dbt(folder, *arguments)
    return result.success, str(result.exception or "")


def test_own_project_builds_twice_and_documents(folder: Path) -> None:
    assert _dbt(folder, "build") == (True, "")
    # The second time dbt replaces one day by a script.
    assert _dbt(folder, "build") == (True, "")
    assert _dbt(folder, "docs", "generate") == (True, "")
    catalog = json.loads((folder / "target" / "catalog.json").read_text(encoding="utf-8"))
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


def test_relative_folder_is_the_same_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("PWD", str(folder.parent))
    relative = Path(folder.name, "models", "..")
    assert _dbt(relative, "run", "--select", "amounts") == (True, "")


def test_other_project_is_refused(tmp_path: Path, folder: Path, use_warehouse: Warehouse) -> None:
    other_dir = _make_project(tmp_path)
    success, message = _dbt(other_dir, "run", "--select", "amounts")
    assert not success
    assert f"The warehouse at {use_warehouse.url} belongs to the project in {folder}" in message
    assert f"this project is {other_dir}" in message
    assert "type `concord dbt ...` here" in message


def test_check_is_off_or_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other_dir = _make_project(tmp_path)
    assert _dbt(other_dir, "parse") == (True, "")
    assert _dbt(other_dir, "compile", "--select", "amounts") == (True, "")
    monkeypatch.setenv("CONCORD_WAREHOUSE_CHECK", "off")
    assert _dbt(other_dir, "run", "--select", "amounts") == (True, "")
