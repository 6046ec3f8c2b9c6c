"""The materialization `kept`: rows stay as long as what they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import client_of, run_dbt, written_project

if TYPE_CHECKING:
    from pathlib import Path

    from google.cloud.bigquery import Client

    from orchestrator.local_warehouse.state import Warehouse

pytestmark = [
    pytest.mark.integration,
    pytest.mark.no_cover,
    pytest.mark.usefixtures("use_warehouse"),
]

META = {
    "input": "things",
    "through": "seen_things",
    "hashed": "hashed_things",
    "key": ["id"],
    "hash": "thing_hash",
    "reads": ["factors"],
}
# Each row tells by `made_at` when it was made. A thing of nothing makes no row.
DOUBLED = f"""
{{{{ config(materialized='kept', meta={META}, labels={{'team': 'data'}}) }}}}
-- depends_on: {{{{ ref('things') }}}}
-- depends_on: {{{{ ref('hashed_things') }}}}
select
    things.id,
    things.number * factors.factor as product,
    generate_uuid() as made_at,
    things.thing_hash
from {{{{ ref('seen_things') }}}} as things
cross join {{{{ ref('factors') }}}} as factors
where things.number != 0
"""
HASHED = """
{{ config(materialized='view') }}
select id, number, farm_fingerprint(cast(number as string)) as thing_hash from {{ ref('things') }}
"""
FILES = {
    "dbt_project.yml": """
name: small
version: "1.0"
profile: concord
vars:
  kept_from_rows: 3
seeds:
  small:
    things:
      +column_types: {id: int64, number: int64}
    factors:
      +column_types: {factor: int64}
""",
    "models/seen_things.sql": HASHED,
    "models/hashed_things.sql": HASHED,
}
CONTRACT = """
models:
  - name: doubled
    config: {contract: {enforced: true}}
    columns:
      - {name: id, data_type: int64, constraints: [{type: not_null}]}
      - {name: product, data_type: %s}
      - {name: made_at, data_type: string}
      - {name: thing_hash, data_type: int64}
"""
MANY = {1: 10, 2: 20, 3: 30, 4: 40, 5: 0}
Rows = dict[int, tuple[int, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    (folder / "seeds").mkdir()
    return written_project(folder, FILES, "local", "materializations")


@pytest.fixture
def client(warehouse: Warehouse) -> Client:
    return client_of(warehouse)


def night(
    folder: Path,
    client: Client,
    things: dict[int, int],
    *options: str,
    factor: int = 2,
    sql: str = DOUBLED,
) -> Rows:
    """Build with these things; returns the rows by id."""
    rows = "".join(f"{key},{number}\n" for key, number in things.items())
    (folder / "seeds" / "things.csv").write_text(f"id,number\n{rows}", encoding="utf-8")
    (folder / "seeds" / "factors.csv").write_text(f"factor\n{factor}\n", encoding="utf-8")
    (folder / "models" / "doubled.sql").write_text(sql, encoding="utf-8")
    done = run_dbt(folder, "build", *options)
    assert done.success, done.exception
    found = rows_of(client)
    assert {key: row[0] for key, row in found.items()} == {
        key: number * factor for key, number in things.items() if number
    }
    return found


def rows_of(client: Client) -> Rows:
    found = list(client.query_and_wait("select * from concord.doubled"))
    rows = {row["id"]: (row["product"], row["made_at"]) for row in found}
    assert len(rows) == len(found)
    return rows


def kept(before: Rows, after: Rows) -> set[int]:
    """Return the rows of the first build that the second one left as they were."""
    return {key for key, row in after.items() if before.get(key) == row}


def test_only_what_has_changed_is_made_anew(folder: Path, client: Client) -> None:
    first = night(folder, client, MANY, "--full-refresh")
    assert kept(first, night(folder, client, MANY)) == {1, 2, 3, 4}
    # One has changed, one is gone, one is new; one has become nothing, and one was nothing.
    second = night(folder, client, {1: 10, 2: 21, 4: 0, 5: 50, 6: 60})
    assert kept(first, second) == {1}
    assert kept(second, night(folder, client, MANY)) == {1}


def test_a_build_that_was_killed_half_way_is_made_whole(folder: Path, client: Client) -> None:
    first = night(folder, client, MANY, "--full-refresh")
    client.query_and_wait("delete from concord.doubled where id = 2")
    assert kept(first, night(folder, client, MANY)) == {1, 3, 4}


def test_all_rows_are_made_anew_when_anything_else_has_changed(
    folder: Path, client: Client
) -> None:
    first = night(folder, client, MANY, "--full-refresh")
    second = night(folder, client, MANY, factor=3)
    assert kept(first, second) == set()
    assert kept(second, night(folder, client, MANY, factor=3)) == {1, 2, 3, 4}
    other_sql = DOUBLED.replace("where", "where 1 = 1 and")
    third = night(folder, client, MANY, factor=3, sql=other_sql)
    assert kept(second, third) == set()
    assert kept(third, night(folder, client, MANY, "--full-refresh", factor=3, sql=other_sql)) == (
        set()
    )


def test_the_sql_of_the_view_counts_too(folder: Path, client: Client) -> None:
    first = night(folder, client, MANY, "--full-refresh")
    view = folder / "models" / "seen_things.sql"
    text = view.read_text(encoding="utf-8")
    view.write_text(text + "where 1 = 1\n", encoding="utf-8")
    assert kept(first, night(folder, client, MANY)) == set()
    view.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_a_small_table_is_made_in_one_job(folder: Path, client: Client) -> None:
    few = {1: 10, 2: 20}
    first = night(folder, client, few, "--full-refresh")
    assert kept(first, night(folder, client, few)) == set()
    # It has no label: the first large build cannot keep anything either.
    assert kept(first, night(folder, client, MANY)) == set()


@pytest.mark.slow
def test_its_labels_stay_beside_its_own(folder: Path, client: Client) -> None:
    night(folder, client, MANY, "--full-refresh")
    night(folder, client, {**MANY, 6: 60})
    labels = client.get_table("concord.doubled").labels
    assert labels["team"] == "data"
    assert "concord_kept" in labels


@pytest.mark.slow
def test_a_contract_holds_for_the_result(folder: Path, client: Client) -> None:
    first = night(folder, client, MANY)
    contract = folder / "models" / "contract.yml"
    contract.write_text(CONTRACT % "int64", encoding="utf-8")
    second = night(folder, client, MANY)
    assert kept(first, second) == set()
    assert kept(second, night(folder, client, {**MANY, 2: 21})) == {1, 3, 4}
    contract.write_text(CONTRACT % "string", encoding="utf-8")
    done = run_dbt(folder, "run", "--select", "doubled")
    contract.unlink()
    [result] = done.result.results
    assert "enforced contract that failed" in str(result.message)


@pytest.mark.slow
def test_other_clusters_make_all_rows_anew(folder: Path, client: Client) -> None:
    first = night(folder, client, MANY)
    clustered = DOUBLED.replace("kept',", "kept', cluster_by=['id'],")
    second = night(folder, client, MANY, sql=clustered)
    assert kept(first, second) == set()
    assert client.get_table("concord.doubled").clustering_fields == ["id"]
    assert kept(second, night(folder, client, {**MANY, 2: 21}, sql=clustered)) == {1, 3, 4}
    assert client.get_table("concord.doubled").clustering_fields == ["id"]
    assert kept(second, night(folder, client, MANY)) == set()
    assert client.get_table("concord.doubled").clustering_fields is None


@pytest.mark.slow
def test_a_table_that_becomes_a_view_is_dropped(folder: Path, client: Client) -> None:
    view = folder / "models" / "seen_things.sql"
    text = view.read_text(encoding="utf-8")
    view.write_text(text.replace("'view'", "'table'"), encoding="utf-8")
    night(folder, client, MANY)
    assert client.get_table("concord.seen_things").table_type == "TABLE"
    view.write_text(text, encoding="utf-8")
    night(folder, client, MANY)
    assert client.get_table("concord.seen_things").table_type == "VIEW"
