"""`concord backup` and `concord retention`: what is kept, for how long, and what is told of it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import MagicMock

import pytest

from orchestrator.backup.make import Backup, SavedTable
from orchestrator.backup.retention import Rule
from orchestrator.cli import execute
from orchestrator.settings.values import Settings

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
