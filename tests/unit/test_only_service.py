"""A second service on the same folder is refused, and a dead one holds nobody up."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any, cast

import pytest

from orchestrator.api import start
from orchestrator.api.only_one import only_service
from orchestrator.cli import execute
from orchestrator.errors import ConfigurationError
from orchestrator.serving.build import UNKNOWN_RUN, last_published_run
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

# Holds the folder until its standard input ends.
HOLDS = """
import sys
from pathlib import Path
from orchestrator.api.only_one import only_service
from orchestrator.settings.values import Settings

with only_service(Settings(state_folder=Path(sys.argv[1]))):
    print("holds", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds a folder, and wait until it does."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holds\n"
    return process


def test_a_second_service_is_refused_and_the_first_keeps_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Server:
        def run(self) -> None:
            """End at once."""

    monkeypatch.setenv("CONCORD_STATE_FOLDER", str(tmp_path))
    monkeypatch.setattr(start, "make_server", lambda _: Server())
    assert execute(["serve", "--port", "0"]) == 0
    key = (tmp_path / "serve.key").read_text(encoding="utf-8")
    first = holder(tmp_path)
    try:
        assert execute(["serve"]) != 0
        told = capsys.readouterr().err
        assert f"http://127.0.0.1:8080, process {first.pid}" in told
        assert "CONCORD_STATE_FOLDER" in told
        assert (tmp_path / "serve.key").read_text(encoding="utf-8") == key
    finally:
        # It cannot tidy up.
        first.kill()
        first.wait()
    assert execute(["serve", "--port", "0"]) == 0
    assert (tmp_path / "serve.key").read_text(encoding="utf-8") != key


def test_services_of_an_issuer_share_a_folder(tmp_path: Path) -> None:
    values = Settings(state_folder=tmp_path)
    with only_service(values):
        with pytest.raises(ConfigurationError), only_service(values):
            pass
        issued = {"issuer": "https://issuer.example", "audience": "concord"}
        cloud = values.with_changes(serve=values.serve.model_copy(update=issued))
        with only_service(cloud):
            pass
    with only_service(values):
        assert (tmp_path / "serve.lock").stat().st_mode & 0o077 == 0


class Log:
    """Stands in for a warehouse whose run log has these rows."""

    def __init__(self, *rows: dict[str, Any], tables: frozenset[str]) -> None:
        self.settings = Settings()
        self._rows = rows
        self._tables = tables

    def table_names(self, dataset: str) -> frozenset[str]:
        """Return the tables of the log's dataset alone."""
        return self._tables if dataset == self.settings.ops_dataset else frozenset({"fct_runs"})

    def table_id(self, dataset: str, table: str) -> str:
        """Return the full name."""
        return f"{dataset}.{table}"

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows, for a query of the log alone."""
        assert f"`{self.settings.ops_dataset}.pipeline_runs`" in sql
        return list(self._rows)


def test_the_run_of_a_snapshot_is_that_of_the_log() -> None:
    def named(*rows: dict[str, Any], tables: tuple[str, ...]) -> str:
        return last_published_run(cast("Connection", Log(*rows, tables=frozenset(tables))))

    # The mart is built inside a run, and does not know it yet.
    assert named({"run_id": "r2"}, tables=("pipeline_runs",)) == "r2"
    assert named(tables=("pipeline_runs",)) == UNKNOWN_RUN
    assert named(tables=()) == UNKNOWN_RUN
