"""What a command answers when there is nothing to do, or when the user says no."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from orchestrator.cli import execute
from orchestrator.commands.restore import restore

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty project whose warehouse opens, with a backup of one table."""
    table = SimpleNamespace(table="concord_ops.pipeline_runs", rows=3)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(tmp_path))
    monkeypatch.setattr(
        "orchestrator.bigquery.connect.connect", lambda settings: SimpleNamespace(settings=settings)
    )
    monkeypatch.setattr("orchestrator.backup.make.read_backup", lambda *_: None)
    monkeypatch.setattr("orchestrator.backup.restore.chosen_tables", lambda *_: (table,))
    monkeypatch.setattr("orchestrator.backup.restore.restore_tables", pytest.fail)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_no_at_restore_is_an_answer() -> None:
    result = CliRunner().invoke(restore, ["b1"], input="n\n", standalone_mode=False)
    assert result.return_value == 1
    assert "Nothing was replaced." in result.output
    assert "Interrupted" not in result.output


@pytest.mark.usefixtures("project")
def test_nobody_at_restore_is_told_the_option() -> None:
    result = CliRunner().invoke(restore, ["b1"], input="")
    assert result.exit_code == 2
    assert "--yes" in result.output


@pytest.mark.usefixtures("project")
def test_retry_with_nothing_left_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["retry"]) == 0
    assert capsys.readouterr().out == "Nothing is left to run.\n"
    assert execute(["retry", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "nothing_left"


def test_a_path_is_no_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".concord" / "dbt").mkdir(parents=True)
    for name in ("..", ".", "../dbt"):
        assert execute(["retry", name]) == 2
        assert "nothing is known of a run" in capsys.readouterr().err
