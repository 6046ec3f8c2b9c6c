"""A run that fails because of a value tells everybody of the failure and nobody of the value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from orchestrator.cli import execute
from tests.integration.conftest import export_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

PEOPLE = """record_id,full_name,emails,phones
1,Quirina Ostrowska,quirina.ostrowska@example.org,+1 555 010 4477
2,Quirina Ostrowska,q.ostrowska@example.org,555.010.4478
"""
BROKEN = {
    "cast_a_name": "select cast(full_name as int64) as number from {{ source('files', 'people') }}",
    "cast_an_email": "select cast(emails[0] as date) as day from {{ source('files', 'people') }}",
    "cast_a_phone": "select cast(phones[0] as bool) as flag from {{ source('files', 'people') }}",
    "good": "select count(*) as n from {{ source('files', 'people') }}",
}


@pytest.fixture
def broken_models(mini_project: Path) -> Iterator[None]:
    folder = mini_project / "models" / "broken"
    folder.mkdir()
    for name, sql in BROKEN.items():
        (folder / f"{name}.sql").write_text(sql, encoding="utf-8")
    yield
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.mark.usefixtures("broken_models")
@pytest.mark.parametrize("form", ["json", "console"])
def test_no_log_tells_the_value_that_broke_a_run(
    connection: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    form: str,
) -> None:
    settings = connection.settings
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(settings.project_dir))
    export_warehouse(monkeypatch, settings)
    monkeypatch.setenv("CONCORD_LOG_FORMAT", form)
    monkeypatch.setenv("CONCORD_LOG_LEVEL", "DEBUG")
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    assert execute(["load", "files.people", "--again", str(path)]) == 0
    assert execute(["run", "--select", "broken"]) == 1
    told = capfd.readouterr()
    state = settings.project_dir / ".concord"
    texts = {
        "stdout": told.out,
        "stderr": told.err,
        **{
            str(path): path.read_text(encoding="utf-8", errors="replace")
            for folder in ("dbt", "runs", "alerts")
            for path in (state / folder).rglob("*")
            if path.is_file()
        },
        "tables": json.dumps(
            [
                dict(row)
                for table in ("pipeline_runs", "node_results")
                for row in connection.query(f"select * from concord_ops.{table}")
            ],
            default=str,
        ),
    }
    assert "cast_a_name" in texts["tables"]
    assert "<value>" in texts["tables"]
    for left_by_dbt in ("dbt.log", "run_results.json", "finished_nodes.jsonl"):
        assert any(
            "cast_a_name" in text for name, text in texts.items() if name.endswith(left_by_dbt)
        )
    assert any("cast_a_name" in text for name, text in texts.items() if name.endswith(".jsonl"))
    assert "cast_a_name" in told.out
    for secret in ("Quirina", "Ostrowska", "ostrowska", "010 4477", "010.4478"):
        assert [name for name, text in texts.items() if secret in text] == []


def test_history_tells_the_story(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = connection.settings
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(settings.project_dir))
    export_warehouse(monkeypatch, settings)
    assert execute(["run", "--select", "tag:nowhere"]) == 1
    capsys.readouterr()
    assert execute(["history", "--limit", "1", "--json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert run["status"] == "refused"
    assert "nothing was selected" in run["problem"]
