"""Which models a file changes, and how prepared warehouses are kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from orchestrator.dbt.artifacts import ManifestNode
from orchestrator.resolve.prepared import (
    CHANGING_FILE,
    KEPT_FOLDERS,
    WAREHOUSE_FILE,
    Prepared,
    PreparedFolder,
    changing_models,
)
from orchestrator.resolve.project_state import project_state
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path

RAW = "source.concord.files.people"


def node(name: str, *parents: str, materialized: str = "table") -> ManifestNode:
    """Return a model that reads these."""
    return ManifestNode(name, name, "model", None, parents, materialized)


def test_what_rows_reach_is_built_again_but_no_view_and_no_table_of_the_other_entity() -> None:
    nodes = (
        node("clusters", "pairs"),
        node("pairs", "stg_people", "words"),
        node("stg_people", RAW),
        node("addresses", "stg_people", "int_company_records", materialized="view"),
        node("int_person_addresses", "addresses"),
        node("int_company_names", "int_person_addresses"),
        node("int_company_words", "int_company_names"),
        node("int_company_points", "addresses"),
        node("company_clusters", "int_company_points"),
        node("int_company_records"),
        node("words", "seed"),
        node("not_selected", RAW),
    )
    built = {one.unique_id for one in nodes} - {"not_selected"}
    found = changing_models({one.unique_id: one for one in nodes}, built, {RAW}, "person")
    assert found == ("clusters", "int_company_names", "int_person_addresses", "pairs", "stg_people")


def prepared(folder: Path, content: str = "tables") -> Prepared:
    """Make a stand-in for a prepared warehouse."""
    folder.mkdir(parents=True)
    (folder / WAREHOUSE_FILE).write_text(content)
    (folder / CHANGING_FILE).write_text(
        '{"one": ["goal"], "two": ["goal", "other"], "three": ["other"]}'
    )
    return Prepared(folder)


def test_a_kept_warehouse_is_taken_as_a_copy(tmp_path: Path) -> None:
    kept = PreparedFolder(tmp_path / "state")
    assert kept.take("a", tmp_path / "none") is None
    assert not (tmp_path / "none").exists()
    kept.keep(prepared(tmp_path / "made"), "a")
    for place in (tmp_path / "first", tmp_path / "second"):
        taken = kept.take("a", place)
        assert taken is not None
        assert taken.changing({"goal"}) == ("one", "two")
        assert taken.changing({"goal", "other"}) == ("one", "two", "three")
        taken.move_warehouse(place / "data")
        assert (place / "data" / WAREHOUSE_FILE).read_text() == "tables"
    assert (tmp_path / "state" / "prepared").stat().st_mode & 0o077 == 0


def test_rights_of_an_earlier_process_are_not_taken_over(tmp_path: Path) -> None:
    kept = PreparedFolder(tmp_path / "state")
    made = prepared(tmp_path / "made")
    made.folder.chmod(0o755)
    (made.folder / WAREHOUSE_FILE).chmod(0o644)
    before = os.umask(0o077)
    try:
        kept.keep(made, "a")
        kept.take("a", tmp_path / "taken")
    finally:
        os.umask(before)
    for place in (tmp_path / "taken", tmp_path / "state" / "prepared" / "a"):
        assert [path.stat().st_mode & 0o077 for path in (place, place / WAREHOUSE_FILE)] == [0, 0]


def test_of_two_that_were_made_at_once_the_first_stays(tmp_path: Path) -> None:
    kept = PreparedFolder(tmp_path / "state")
    kept.keep(prepared(tmp_path / "made", "first"), "a")
    kept.keep(prepared(tmp_path / "later", "second"), "a")
    taken = kept.take("a", tmp_path / "taken")
    assert taken is not None
    assert (taken.folder / WAREHOUSE_FILE).read_text() == "first"
    assert [entry.name for entry in (tmp_path / "state" / "prepared").iterdir()] == ["a"]


def test_the_longest_unused_goes(tmp_path: Path) -> None:
    kept = PreparedFolder(tmp_path / "state")
    folder = tmp_path / "state" / "prepared"
    for number in range(KEPT_FOLDERS):
        kept.keep(prepared(tmp_path / f"made_{number}"), f"{number}")
        os.utime(folder / f"{number}", (number, number))
    assert kept.take("0", tmp_path / "taken") is not None
    kept.keep(prepared(tmp_path / "last"), "last")
    left = {entry.name for entry in folder.iterdir()}
    assert left == {"0", "last", *(f"{number}" for number in range(2, KEPT_FOLDERS))}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a project of a few files."""
    for name in ("models/a.sql", "macros/b.sql", "seeds/c.csv", "tests/dbt/d.sql"):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before")
    (tmp_path / "project" / "dbt_project.yml").write_text(
        "vars: {sources: {files: {tables: {people: people}, gives: []}}}"
    )
    return tmp_path / "project"


@pytest.mark.parametrize("name", ["models/a.sql", "macros/b.sql", "seeds/c.csv", "models/new.sql"])
def test_a_changed_file_has_another_fingerprint(project: Path, name: str) -> None:
    settings = Settings(project_dir=project)
    before = project_state(settings, "person")
    assert project_state(settings, "person") == before
    (project / name).write_text("after")
    assert project_state(settings, "person") != before


def test_a_setting_and_the_entity_count_and_the_warehouse_does_not(project: Path) -> None:
    settings = Settings(project_dir=project)
    before = project_state(settings, "person")
    (project / "tests" / "dbt" / "d.sql").write_text("after")
    assert project_state(settings.with_changes(warehouse_url="http://other"), "person") == before
    assert project_state(settings, "company") != before
    assert project_state(settings.with_changes(default_phone_region="DE"), "person") != before
