"""`concord run` on a warehouse with data of one source only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from orchestrator.cli import execute
from tests.integration.conftest import export_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration


def test_sources_without_data_do_not_stop_the_run(
    connection: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = connection.settings
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(settings.project_dir))
    export_warehouse(monkeypatch, settings)
    path = tmp_path / "people.csv"
    path.write_text("record_id,emails\n1,a@example.org\n2,a@example.org\n", encoding="utf-8")
    assert execute(["load", "files.people", str(path)]) == 0
    assert execute(["run"]) == 0
    told = capsys.readouterr().out
    # Everything that was selected, and nothing skipped or in error.
    assert re.search(r"^Nodes +\d+ success$", told, re.MULTILINE), told
    assert "salesforce.contact" in told
    pairs = connection.query("select record_id_l from concord_matching.person_pairs")
    assert [row["record_id_l"] for row in pairs] == ["files:people:people:1"]
    assert execute(["run", "--select", "no_such_model"]) == 2
    assert "nothing in the project is called 'no_such_model'" in capsys.readouterr().err
    assert execute(["run", "--select", "tag:nowhere"]) == 1
    assert "nothing was selected" in capsys.readouterr().err
