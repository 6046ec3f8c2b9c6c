"""SIGTERM to a command that works on files and private warehouses: nothing of them stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from orchestrator.cli import execute
from orchestrator.interruption import SIGNALS, CommandSignals
from orchestrator.local_warehouse.state import STATE_FILE, read_warehouse
from tests.faults.processes import wait_until
from tests.integration.conftest import ONLY_MATCHING, export_warehouse
from tests.integration.test_resolve import PEOPLE, PERSON_MAPPING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

COMMAND = Path(sys.executable).with_name("concord")


def _start(folder: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    (folder / "temporary").mkdir()
    variables: Mapping[str, str] = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONCORD_")},
        "TMPDIR": str(folder / "temporary"),
        **more,
    }
    return subprocess.Popen(
        [str(COMMAND), *arguments],
        cwd=folder,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_load_takes_its_rows_and_its_tables_with_it(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(connection.settings.project_dir))
    export_warehouse(monkeypatch, connection.settings)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    seen: list[str] = []

    def left() -> list[str]:
        tables = connection.client.list_tables("raw_files")
        return [table.table_id for table in tables if "__loading" in table.table_id]

    def stopped(*_: object) -> None:
        seen.extend(left())
        assert list(temporary.iterdir())
        os.kill(os.getpid(), signal.SIGTERM)

    # All rows are in the tables beside; the last step would move them.
    monkeypatch.setattr("orchestrator.load.load_file.publish_load", stopped)
    (tmp_path / "people.csv").write_text("record_id\n1\n2\n", encoding="utf-8")
    before = {number: signal.getsignal(number) for number in SIGNALS}
    CommandSignals().listen()
    try:
        code = execute(["load", "files.people", str(tmp_path / "people.csv")])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert code == 130
    assert seen
    assert left() == []
    assert list(temporary.iterdir()) == []


def test_resolve_takes_its_warehouse_and_its_rows_with_it(
    tmp_path: Path, mini_project: Path
) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "map.yml").write_text(PERSON_MAPPING, encoding="utf-8")
    running = _start(
        tmp_path,
        *("resolve", "people.csv", "--map", "map.yml", "--out", "out", *ONLY_MATCHING),
        CONCORD_PROJECT_DIR=str(mini_project),
    )

    def states() -> list[Path]:
        return list((tmp_path / "temporary").glob(f"concord-resolve-*/warehouse/{STATE_FILE}"))

    # Its private warehouse serves: it is in the middle of its work.
    wait_until(lambda: bool(states()) and read_warehouse(states()[0]) is not None)
    warehouse = read_warehouse(states()[0])
    assert warehouse is not None
    running.send_signal(signal.SIGTERM)
    _, errors = running.communicate()
    assert running.returncode == 130, errors
    assert "Traceback" not in errors
    assert not (tmp_path / "out").exists()
    assert not list((tmp_path / "temporary").glob("concord-*"))
    assert not list(tmp_path.glob(".out-*"))
    wait_until(lambda: not psutil.pid_exists(warehouse.pid))
