"""A seed is loaded when it has changed, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import client_of, run_dbt, written_project

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.local_warehouse.state import Warehouse

pytestmark = [
    pytest.mark.integration,
    pytest.mark.no_cover,
    pytest.mark.usefixtures("use_warehouse"),
]

PROJECT = """
name: small
version: "1.0"
profile: concord
seeds:
  small:
    +labels: {team: data}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    (folder / "seeds").mkdir()
    return written_project(folder, {"dbt_project.yml": PROJECT}, "local", "materializations")


def loaded(folder: Path, rows: str, *options: str) -> str:
    """Load a seed of these rows; returns what became of it."""
    (folder / "seeds" / "words.csv").write_text(f"word,number\n{rows}", encoding="utf-8")
    done = run_dbt(folder, "seed", *options)
    assert done.success, done.exception
    [result] = done.result.results
    return str(result.message)


def test_a_seed_is_loaded_when_it_has_changed(folder: Path, warehouse: Warehouse) -> None:
    client = client_of(warehouse)

    def words() -> list[str]:
        rows = client.query_and_wait("select word from concord.words order by word")
        return [row["word"] for row in rows]

    assert loaded(folder, "a,1\n") == "INSERT 1"
    assert loaded(folder, "a,1\n") == "UNCHANGED"
    assert words() == ["a"]
    assert loaded(folder, "a,1\nb,2\n") == "INSERT 2"
    assert words() == ["a", "b"]
    # Back to what it once was.
    assert loaded(folder, "a,1\n") == "INSERT 1"
    assert words() == ["a"]
    assert loaded(folder, "a,1\n", "--full-refresh") == "CREATE 1"
    # A list of the company's own without a row.
    assert loaded(folder, "") == "INSERT 0"
    assert loaded(folder, "") == "UNCHANGED"
    assert words() == []
    labels = client.get_table("concord.words").labels
    assert labels["team"] == "data"
    assert set(labels) == {"team", "concord_seed"}


def test_a_seed_that_is_declared_anew_is_loaded(folder: Path) -> None:
    declared = folder / "seeds" / "seeds.yml"
    seed = "seeds:\n  - name: words\n    description: {}\n"
    assert loaded(folder, "a,1\n") in {"INSERT 1", "UNCHANGED"}
    declared.write_text(seed.format("Words."), encoding="utf-8")
    assert loaded(folder, "a,1\n") == "INSERT 1"
    assert loaded(folder, "a,1\n") == "UNCHANGED"
    declared.write_text(seed.format("Other words."), encoding="utf-8")
    assert loaded(folder, "a,1\n") == "INSERT 1"
    declared.unlink()


def test_a_seed_whose_label_is_gone_is_loaded(folder: Path, warehouse: Warehouse) -> None:
    loaded(folder, "a,1\n")
    client_of(warehouse).query_and_wait(
        "alter table `concord-local`.`concord`.`words` set options (labels = [])"
    )
    assert loaded(folder, "a,1\n") == "INSERT 1"
