"""A view is made when it has changed, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import client_of, run_dbt, written_project

if TYPE_CHECKING:
    from pathlib import Path

    from google.cloud.bigquery import Client

    from orchestrator.local_warehouse.state import Warehouse

pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

UNCHANGED = "UNCHANGED"
SEEN = "select * from {{ ref('things') }}"
FILES = {
    "dbt_project.yml": """
name: small
version: "1.0"
profile: concord
models:
  small:
    +labels: {team: data}
""",
    "models/sources.yml": """
sources:
  - name: outside
    schema: raw
    tables: [{name: given}]
""",
    "models/things.sql": "{{ config(materialized='table') }} select 1 as id",
    "models/seen.sql": SEEN,
    "models/seen_again.sql": "select * from {{ ref('seen') }}",
    "models/taken.sql": "select * from {{ source('outside', 'given') }}",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    return written_project(folder, {}, "local", "materializations")


@pytest.fixture
def client(use_warehouse: Warehouse) -> Client:
    return client_of(use_warehouse)


@pytest.fixture(autouse=True)
def _made(folder: Path, client: Client) -> None:
    """Begin each test with the same views, made once."""
    for name, text in FILES.items():
        write(folder, name, text)
    client.create_dataset("raw", exists_ok=True)
    client.query_and_wait("create or replace table raw.given as select 1 as id")
    build(folder)


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def build(folder: Path, *options: str) -> set[str]:
    """Build everything; returns the views that were made."""
    done = run_dbt(folder, "run", *options)
    assert done.success, done.exception
    views = [one for one in done.result.results if one.node.config.materialized == "view"]
    assert views
    assert all(str(one.status) == "success" for one in views)
    return {one.node.name for one in views if one.message != UNCHANGED}


def columns(client: Client, name: str) -> list[str]:
    """Return the columns that a view is shown with."""
    return [column.name for column in client.get_table(f"concord.{name}").schema]


def test_a_view_is_made_once(folder: Path, client: Client) -> None:
    made = client.get_table("concord.seen").created
    assert build(folder) == set()
    assert build(folder) == set()
    assert client.get_table("concord.seen").created == made
    client.delete_table("concord.seen")
    assert build(folder) == {"seen"}


def test_another_sql_makes_it_anew(folder: Path, client: Client) -> None:
    write(folder, "models/seen.sql", SEEN + " where id > 1")
    assert build(folder) == {"seen"}
    assert list(client.query_and_wait("select * from concord.seen_again")) == []
    assert build(folder) == set()


def test_another_setting_or_description_makes_it_anew(folder: Path) -> None:
    write(folder, "models/seen.sql", "{{ config(meta={'a': 'b'}) }}" + SEEN)
    assert build(folder) == {"seen"}
    described = "models: [{name: seen, description: Things., columns: [{name: id}]}]"
    write(folder, "models/models.yml", described)
    assert build(folder) == {"seen"}
    assert build(folder) == set()
    write(folder, "models/models.yml", described.replace("Things", "All things"))
    assert build(folder) == {"seen"}
    (folder / "models/models.yml").unlink()


def test_other_columns_of_what_it_reads_make_it_anew(folder: Path, client: Client) -> None:
    write(folder, "models/things.sql", FILES["models/things.sql"] + ", 'a' as name")
    assert build(folder) == {"seen", "seen_again"}
    assert columns(client, "seen_again") == ["id", "name"]
    write(folder, "models/things.sql", FILES["models/things.sql"] + ", 2 as name")
    assert build(folder) == {"seen", "seen_again"}
    # Other rows are seen through it as it is.
    write(folder, "models/things.sql", FILES["models/things.sql"] + ", 3 as name")
    assert build(folder) == set()
    [row] = client.query_and_wait("select name from concord.seen_again")
    assert row["name"] == 3


def test_another_column_of_a_raw_table_makes_it_anew(folder: Path, client: Client) -> None:
    client.query_and_wait("create or replace table raw.given as select 1 as id, 2 as number")
    assert build(folder) == {"taken"}
    assert columns(client, "taken") == ["id", "number"]


def test_a_view_that_was_replaced_by_hand_is_made_anew(folder: Path, client: Client) -> None:
    client.query_and_wait("create or replace view concord.seen as select 7 as id")
    assert build(folder) == {"seen"}
    [row] = client.query_and_wait("select id from concord.seen")
    assert row["id"] == 1


def test_a_full_refresh_and_an_empty_build_make_all(folder: Path, client: Client) -> None:
    assert build(folder, "--full-refresh") == {"seen", "seen_again", "taken"}
    assert build(folder, "--empty") == {"seen", "seen_again", "taken"}
    assert list(client.query_and_wait("select * from concord.taken")) == []
    assert build(folder) == {"seen", "seen_again", "taken"}


def test_a_table_becomes_a_view_and_a_view_a_table(folder: Path, client: Client) -> None:
    write(folder, "models/seen.sql", "{{ config(materialized='table') }}" + SEEN)
    assert build(folder) == set()
    assert client.get_table("concord.seen").table_type == "TABLE"
    write(folder, "models/seen.sql", SEEN)
    assert build(folder) == {"seen"}
    assert client.get_table("concord.seen").table_type == "VIEW"
    assert build(folder) == set()


def test_its_labels_stay_beside_its_own(client: Client) -> None:
    labels = client.get_table("concord.seen").labels
    assert labels["team"] == "data"
    assert set(labels) == {"team", "concord_view"}


def test_hooks_run_all_the_same(folder: Path, client: Client) -> None:
    client.query_and_wait("create or replace table concord.calls as select 'x' as hook limit 0")
    hooks = {
        f"{when}_hook": f"insert into concord.calls (hook) values ('{when}')"
        for when in ("pre", "post")
    }
    write(folder, "models/seen.sql", f"{{{{ config(**{hooks}) }}}}" + SEEN)
    assert build(folder) == {"seen"}
    assert build(folder) == set()
    calls = [row["hook"] for row in client.query_and_wait("select hook from concord.calls")]
    assert sorted(calls) == ["post", "post", "pre", "pre"]
