"""The check over what dbt itself compiles: a small project with every kind of node.

Concord's own project is checked by `make check-sql`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.local_warehouse.process import ephemeral
from orchestrator.local_warehouse.state import Warehouse
from tools.googlesql_check.check import check
from tools.googlesql_check.engine import GoogleSql

pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

PROJECT_DIR = Path(__file__).parents[2]
PROJECT_ID = "concord-local"

SMALL_PROJECT = {
    "dbt_project.yml": """
        name: shop
        version: "1.0"
        profile: concord
        on-run-start: ["{{ nothing() }}", "select 1 as x"]
        on-run-end: "select count(*) as n from {{ ref('orders') }}"
        models: {shop: {+materialized: table}}
        seeds: {shop: {prices: {+column_types: {product: string}}}}
    """,
    "macros/nothing.sql": "{% macro nothing() %}{% endmacro %}",
    "seeds/prices.csv": "product,price,amount\n001,1.5,2\n",
    "models/cheap.sql": """
        {{ config(materialized='ephemeral') }}
        select product, price * amount as total from {{ ref('prices') }} where price < 10
    """,
    "models/orders.sql": """
        {{ config(post_hook="delete from {{ this }} where total is null") }}
        select product, total, current_timestamp() as changed_at from {{ ref('cheap') }}
    """,
    "models/grown.sql": """
        {{ config(materialized='incremental', unique_key='product', on_schema_change='fail') }}
        select product, total from {{ ref('orders') }}
        {% if is_incremental() %} where total > (select max(total) from {{ this }}) {% endif %}
    """,
    "models/models.yml": """
        models:
          - name: grown
            config: {contract: {enforced: true}}
            columns:
              - {name: product, data_type: string, data_tests: [unique, not_null]}
              - {name: total, data_type: float64}
        snapshots:
          - name: history
            relation: ref('orders')
            config: {unique_key: product, strategy: timestamp, updated_at: changed_at}
    """,
    "models/past.sql": """
        select product, dbt_valid_to - dbt_valid_from as age from {{ ref('history') }}
    """,
    "tests/total_is_known.sql": "select product from {{ ref('orders') }} where total is null",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with ephemeral(tmp_path_factory.mktemp("warehouse"), PROJECT_ID) as running:
        yield running


@pytest.fixture(scope="module")
def google_sql() -> GoogleSql:
    return GoogleSql()


def dbt(command: str, project_dir: Path, target_path: Path, warehouse: Warehouse) -> None:
    """Run dbt as its users do, against the given warehouse."""
    options = ["--no-populate-cache"] if command == "compile" else []
    settings = {
        "CONCORD_TARGET": "local",
        "CONCORD_PROJECT": PROJECT_ID,
        **warehouse.variables(),
        "CONCORD_WAREHOUSE_CHECK": "off",
    }
    result = subprocess.run(
        [Path(sys.executable).with_name("dbt"), command, *options, "--target-path", target_path],
        cwd=project_dir,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]


@pytest.fixture(scope="module")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    for name, text in SMALL_PROJECT.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        # The indentation of the texts above is of this file only.
        lines = [line.removeprefix(" " * 8) for line in text.strip("\n").splitlines()]
        path.write_text("\n".join(lines).rstrip() + "\n")
    shutil.copy(PROJECT_DIR / "profiles.yml", folder)
    return folder


@pytest.mark.slow
def test_a_small_project_is_accepted_before_and_after_its_first_run(
    small_project: Path, warehouse: Warehouse, google_sql: GoogleSql
) -> None:
    dbt("build", small_project, small_project / "target", warehouse)
    report = check(small_project, Path("target"), google_sql)
    assert list(map(str, report.findings)) == []
    # Four models, a snapshot, three tests, a model's hook and two hooks of the run.
    assert report.checked == 11
    assert report.ok
    # The second time, the incremental model reads itself.
    dbt("compile", small_project, small_project / "target", warehouse)
    grown = small_project / "target" / "compiled" / "shop" / "models" / "grown.sql"
    assert "max(total)" in grown.read_text()
    assert check(small_project, Path("target"), google_sql).ok


MISTAKES = {
    "models/past.sql": ("product,", "list_sort([1])[offset(0)] as product,", "list_sort"),
    "models/grown.sql": ("total from", "cast(total as int64) as total from", "total is INT64"),
    "models/orders.sql": ("total is null", "totals is null", "Unrecognized name: totals"),
    "dbt_project.yml": ("count(*) as n", "nowhere() as n", "Function not found: nowhere"),
    "tests/total_is_known.sql": ("total is null", "total = ''", "No matching signature"),
}


def test_mistakes_that_dbt_compiles_are_found(
    small_project: Path, warehouse: Warehouse, google_sql: GoogleSql, tmp_path: Path
) -> None:
    project = tmp_path / "shop"
    shutil.copytree(small_project, project, ignore=shutil.ignore_patterns("target", "logs"))
    for name, (old, new, _) in MISTAKES.items():
        path = project / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
    dbt("compile", project, project / "target", warehouse)
    errors = [str(finding) for finding in check(project, Path("target"), google_sql).errors]
    assert len(errors) == len(MISTAKES)
    for name, (_, _, message) in MISTAKES.items():
        assert any(name in error and message in error for error in errors), name
