"""Whom `concord forget` refuses to forget, and what is noted of those whom it forgot."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest

from orchestrator.errors import InputError
from orchestrator.forget.audit import expect_fewer_rows, note_forgotten
from orchestrator.forget.data_subject import find_person
from orchestrator.forget.erase import Found
from orchestrator.forget.places import Erasure
from orchestrator.settings.values import Settings
from tests.unit.test_forget_pattern import ANN

if TYPE_CHECKING:
    from pathlib import Path


def found(table: str, rows: int, *, is_emptied: bool = False) -> Found:
    """Return rows of a table that go, or stay with a column emptied."""
    return Found(Erasure(f"project.{table}", "true", "name = null" if is_emptied else ""), rows)


def test_the_note_of_who_was_forgotten_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.sources.own_tables.ensure_own_tables", lambda *_: None)
    connection = MagicMock(settings=Settings(project_dir=tmp_path))
    places = (found("raw_crm.contact", 2), found("raw_crm.task", 5, is_emptied=True))
    note_forgotten(connection, ANN, places)
    _, *given = connection.query.call_args.args
    values = {one.name: getattr(one, "values", None) or one.value for one in given}
    assert values == {
        "person_id": "per_1",
        "n_records": 3,
        "n_rows": 7,
        "tables": ["raw_crm.contact", "raw_crm.task"],
    }


def test_the_next_run_does_not_miss_the_rows_that_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(project_dir=tmp_path)
    tables = {
        name: MagicMock(source="files", full_name=f"files.{name}") for name in ("people", "firms")
    }
    for name, table in tables.items():
        table.name = name
    noted: dict[str, int] = {}
    for name, answer in {
        "source_schemas.read_raw_tables": lambda _: tables,
        "row_counts.accepted_counts": lambda _: {"files.people": 10, "files.firms": 4},
        "row_counts.note_row_counts": lambda *given: noted.update(given[-1]),
    }.items():
        monkeypatch.setattr(f"orchestrator.sources.{name}", answer)
    dataset = settings.raw_dataset("files")
    places = (found(f"{dataset}.people", 3), found(f"{dataset}.firms", 2, is_emptied=True))
    expect_fewer_rows(MagicMock(settings=settings), places)
    # Rows that are only emptied stay.
    assert noted == {"files.people": 7, "files.firms": 4}


@pytest.mark.parametrize(
    ("persons", "problem"),
    [
        ([], "nobody is known by 'ann'"),
        ([f"per_{n}" for n in range(7)], "belongs to 7 persons: per_0, per_1, per_2, per_3"),
    ],
)
def test_who_is_not_one_person_is_not_forgotten(
    tmp_path: Path, persons: list[str], problem: str
) -> None:
    connection = MagicMock(settings=Settings(project_dir=tmp_path))
    connection.query.return_value = [{"person_id": person} for person in persons]
    with pytest.raises(InputError, match=problem) as raised:
        find_person(connection, "ann")
    assert "person_id" in raised.value.what_to_do
