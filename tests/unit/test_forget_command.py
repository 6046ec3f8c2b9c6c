"""`concord forget` says at the end whether all of it was done, and ends with a code that agrees."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest

from orchestrator.cli import execute
from orchestrator.settings.values import Settings
from tests.unit.test_forget_pattern import ANN

if TYPE_CHECKING:
    from pathlib import Path

RUN = "orchestrator.run.night.run_night"


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what the warehouse answers: which tables still name somebody, and how a run ends."""
    answers: dict[str, Any] = {"left": {}, "is_success": True, "runs": 0, "snapshots": ""}
    connection = MagicMock(settings=Settings(project_dir=tmp_path))

    def ran(night: Any, *_: object) -> None:  # noqa: ANN401 - a run
        answers["runs"] += 1
        night.status = "success" if answers["is_success"] else "failed"

    for name, answer in {
        "orchestrator.bigquery.connect.connect": lambda *_: connection,
        "orchestrator.forget.data_subject.find_person": lambda *_: replace(ANN),
        "orchestrator.forget.erase.find_rows": lambda *_: (),
        "orchestrator.forget.erase.erase": lambda *_: iter(()),
        "orchestrator.forget.erase.rows_left": lambda *_, is_built: answers["left"],
        "orchestrator.forget.erase.backups_with_data": lambda *_: {"b1": "2026-12-01"},
        "orchestrator.forget.served_copies.renew_snapshots": lambda *_: answers["snapshots"],
        "orchestrator.forget.audit.note_forgotten": lambda *_: None,
        "orchestrator.forget.audit.expect_fewer_rows": lambda *_: None,
        "orchestrator.lock.hold.hold_lock": lambda *_: nullcontext(MagicMock()),
        "orchestrator.models.used.with_used_model": lambda used: used,
        RUN: ran,
    }.items():
        monkeypatch.setattr(name, answer)
    return answers


def test_who_is_forgotten_and_built_without_is_named_nowhere(
    warehouse: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["forget", "ann.lee@example.org", "--yes"]) == 0
    assert warehouse["runs"] == 1
    told = capsys.readouterr()
    assert "Forgotten. No table of the warehouse names the person any more." in told.out
    assert "Backup b1 holds the person until 2026-12-01." in told.err


def test_without_a_run_what_is_built_is_not_searched(
    warehouse: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["forget", "ann.lee@example.org", "--yes", "--no-run"]) == 0
    assert warehouse["runs"] == 0
    assert "what is built is not searched" in capsys.readouterr().out


def test_a_build_that_fails_fails_the_command(
    warehouse: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse["is_success"] = False
    assert execute(["forget", "ann.lee@example.org", "--yes"]) == 1
    told = capsys.readouterr()
    assert "concord retry" in told.err
    assert "No table of the warehouse" not in told.out


def test_a_table_that_still_names_the_person_is_told(
    warehouse: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse["left"] = {"raw_files.people": 2}
    assert execute(["forget", "ann.lee@example.org", "--yes"]) == 1
    told = capsys.readouterr()
    assert "raw_files.people" in told.err
    assert "2 rows still name the person" in told.err
    assert "Forgotten." not in told.out


def test_a_snapshot_that_still_holds_the_person_fails_the_command(
    warehouse: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse["snapshots"] = "the disk is full"
    assert execute(["forget", "ann.lee@example.org", "--yes"]) == 1
    assert "still hold the person: the disk is full" in capsys.readouterr().err
