"""`concord backup` and `concord retention`, and what `concord forget` notes of itself."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import MagicMock

import pytest

from orchestrator.backup.make import Backup, SavedTable
from orchestrator.backup.retention import Rule
from orchestrator.cli import execute
from orchestrator.errors import InputError
from orchestrator.forget.audit import expect_fewer_rows, note_forgotten
from orchestrator.forget.data_subject import find_person
from orchestrator.forget.erase import Found
from orchestrator.forget.places import Erasure
from orchestrator.settings.values import Settings
from tests.unit.test_forget_pattern import ANN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MADE: Final = Backup(
    backup_id="20260301T020000Z",
    expires_at="2026-03-31T02:00:00+00:00",
    tables=(SavedTable("concord_ops.runs", "concord_backup.runs", 1200, "", {}),),
)
PARTITIONS: Final = Rule("partitions", "concord_ops.runs", 90, "started_at", now="for ever")
DONE: Final = Rule("partitions", "concord_ops.alerts", 90, "happened_at", now="90 days")
ROWS: Final = Rule("rows", "raw_files.people__rejected", 90, "loaded_at", old_rows=7)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what there is: backups, rules, expired exports; and what was done."""
    known: dict[str, Any] = {"backups": (MADE,), "rules": (), "expired": (), "applied": []}
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(tmp_path))
    connection = MagicMock(settings=Settings(project_dir=tmp_path))

    @contextmanager
    def hold(_: Settings, command: str) -> Iterator[MagicMock]:
        assert command == "retention"
        yield MagicMock(confirm=lambda: known["applied"].append("confirmed"))

    def apply(_: object, rule: Rule) -> int:
        known["applied"].append(rule.target)
        return rule.old_rows

    for name, answer in {
        "bigquery.connect.connect": lambda *_: connection,
        "dbt.runner.project_manifest": lambda *_: {},
        "backup.make.list_backups": lambda _: known["backups"],
        "backup.make.make_backup": lambda *_: MADE,
        "backup.make.remove_expired_exports": lambda *_: known["expired"],
        "backup.retention.retention_rules": lambda *_: known["rules"],
        "backup.retention.apply_rule": apply,
        "lock.hold.hold_lock": hold,
    }.items():
        monkeypatch.setattr(f"orchestrator.{name}", answer)
    return known


def test_backups_are_listed(kept: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["backup", "--list"]) == 0
    told = capsys.readouterr().out
    assert " ".join(told.split()) == "20260301T020000Z 1 tables 1,200 rows until 2026-03-31"
    assert execute(["backup", "--list", "--json"]) == 0
    [listed] = json.loads(capsys.readouterr().out)
    assert listed["tables"] == [{"table": "concord_ops.runs", "rows": 1200}]
    kept["backups"] = ()
    assert execute(["backup", "--list"]) == 0
    assert "`concord backup` makes one" in capsys.readouterr().out


def test_a_backup_says_what_is_in_it_and_which_ones_are_gone(
    kept: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    kept["expired"] = ("20260101T020000Z",)
    assert execute(["backup"]) == 0
    told = capsys.readouterr().out
    assert "Backup 20260301T020000Z: 1 tables, kept until 2026-03-31" in told
    assert "Removed the expired exports 20260101T020000Z" in told
    assert execute(["backup", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["removed_exports"] == ["20260101T020000Z"]


def test_without_settings_everything_is_kept(
    kept: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["retention", "--apply"]) == 0
    assert "Everything is kept for ever" in capsys.readouterr().out
    assert kept["applied"] == []


@pytest.mark.parametrize(
    ("options", "applied", "deleted"),
    [
        ((), [], 0),
        (("--apply",), ["confirmed", PARTITIONS.target], 0),
        (
            ("--apply", "--delete-rows"),
            ["confirmed", PARTITIONS.target, "confirmed", ROWS.target],
            ROWS.old_rows,
        ),
    ],
)
def test_only_what_is_asked_for_is_applied_and_nothing_twice(
    kept: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    applied: list[str],
    deleted: int,
) -> None:
    kept["rules"] = (PARTITIONS, DONE, ROWS)
    assert execute(["retention", *options, "--json"]) == 0
    told = capsys.readouterr()
    document = json.loads(told.out)
    assert [rule["is_done"] for rule in document["rules"]] == [False, True, False]
    assert (document["applied"], document["deleted_rows"]) == (len(applied) // 2, deleted)
    assert kept["applied"] == applied
    assert "partitions by started_at kept for ever, wanted 90 days" in told.err


def test_rows_are_not_deleted_without_apply(
    kept: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["retention", "--delete-rows"]) == 2
    assert "--delete-rows goes with --apply" in capsys.readouterr().err
    assert kept["applied"] == []


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
