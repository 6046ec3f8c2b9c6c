"""The state file, the health probe and the check of versions."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

import pytest

from orchestrator.local_warehouse.errors import WarehouseError
from orchestrator.local_warehouse.health import Health, probe
from orchestrator.local_warehouse.state import (
    STATE_FILE,
    Warehouse,
    read_warehouse,
    write_warehouse,
)
from orchestrator.local_warehouse.versions import PINS, check_versions, installed_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT_DIR = Path(__file__).parents[2]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Popen[bytes]]:
    """A process that looks like a warehouse's: the state file is on its command line."""
    command = [sys.executable, "-c", "print(flush=True); input()", str(tmp_path / STATE_FILE)]
    with Popen(command, stdin=PIPE, stdout=PIPE) as process:
        # For a moment after it has started, a process has no command line yet.
        assert process.stdout is not None
        process.stdout.readline()
        yield process


def _warehouse(folder: Path, pid: int) -> Warehouse:
    return Warehouse(
        url="http://127.0.0.1:1",
        grpc_endpoint="127.0.0.1:2",
        pid=pid,
        started_at="2026-01-01T00:00:00+00:00",
        project_id="concord-local",
        project_dir=str(folder),
        data_dir=str(folder / "data"),
        state_file=str(folder / STATE_FILE),
        versions=dict(PINS),
    )


def test_running_warehouse_is_read_back(tmp_path: Path, child: Popen[bytes]) -> None:
    written = _warehouse(tmp_path, child.pid)
    write_warehouse(tmp_path / STATE_FILE, written)
    assert read_warehouse(tmp_path / STATE_FILE) == written
    assert [path.name for path in tmp_path.iterdir()] == [STATE_FILE]


def test_ended_warehouse_is_not_found(tmp_path: Path, child: Popen[bytes]) -> None:
    write_warehouse(tmp_path / STATE_FILE, _warehouse(tmp_path, child.pid))
    child.kill()
    child.wait()
    assert read_warehouse(tmp_path / STATE_FILE) is None


def test_process_that_took_over_the_number_is_not_it(tmp_path: Path) -> None:
    with Popen([sys.executable, "-c", "input()"], stdin=-1) as stranger:
        write_warehouse(tmp_path / STATE_FILE, _warehouse(tmp_path, stranger.pid))
        assert read_warehouse(tmp_path / STATE_FILE) is None


def test_state_of_a_copied_folder_belongs_to_the_original(
    tmp_path: Path, child: Popen[bytes]
) -> None:
    original = _warehouse(tmp_path, child.pid)
    (tmp_path / "copy").mkdir()
    write_warehouse(tmp_path / "copy" / STATE_FILE, original)
    assert read_warehouse(tmp_path / "copy" / STATE_FILE) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": "http://127.0.0.1:1"}'])
def test_unreadable_state_is_no_warehouse(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE_FILE).write_text(text, encoding="utf-8")
    assert read_warehouse(tmp_path / STATE_FILE) is None


def test_state_is_replaced_not_rewritten(tmp_path: Path, child: Popen[bytes]) -> None:
    first = _warehouse(tmp_path, child.pid)
    write_warehouse(tmp_path / STATE_FILE, first)
    with (tmp_path / STATE_FILE).open(encoding="utf-8") as open_before:
        write_warehouse(tmp_path / STATE_FILE, replace(first, url="http://127.0.0.1:9"))
        assert '"url": "http://127.0.0.1:1"' in open_before.read()


def test_silent_server_is_busy_and_a_closed_port_is_down() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert probe(url, timeout=0.1) is Health.BUSY
    assert probe(url, timeout=60) is Health.DOWN


def test_installed_versions_are_the_pinned_ones() -> None:
    check_versions(installed_versions())
    locked = (PROJECT_DIR / "requirements" / "dev.txt").read_text(encoding="utf-8")
    for package, pin in PINS.items():
        assert f"\n{package}=={pin} " in locked


@pytest.mark.parametrize(
    ("installed", "complaint"),
    [
        (dict(PINS) | {"duckdb": "1.4.0"}, "duckdb 1.5.5 is needed, 1.4.0 is installed"),
        (
            {"bqemulator": "1.4.0", "duckdb": "1.5.5"},
            "sqlglot 30.11.0 is needed, none is installed",
        ),
    ],
)
def test_missing_or_wrong_pin_is_named(installed: dict[str, str], complaint: str) -> None:
    with pytest.raises(WarehouseError, match="make setup") as raised:
        check_versions(installed)
    assert complaint in str(raised.value)
