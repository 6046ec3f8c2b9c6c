"""The local warehouse is started, found again, killed and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import psutil
import pytest
from click.testing import CliRunner

from orchestrator.commands.warehouse import warehouse as warehouse_command
from orchestrator.local_warehouse import process
from orchestrator.local_warehouse.errors import WarehouseError
from orchestrator.local_warehouse.health import Health, probe
from orchestrator.local_warehouse.state import DATA_DIR
from tests.integration.conftest import client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


pytestmark = pytest.mark.integration

PROJECT_DIR = Path(__file__).parents[2]
# Of what comes within a second: a limit for what never comes.
WAIT_SECONDS = 120.0

START_AND_PRINT_PID = """
import sys
from pathlib import Path
from orchestrator.local_warehouse.process import ensure_running
print(ensure_running(Path(sys.argv[1]), "concord-local", port=0).pid)
"""
OPEN_EPHEMERAL_AND_WAIT = """
import sys
from pathlib import Path
from orchestrator.local_warehouse.process import ephemeral
with ephemeral(Path(sys.argv[1]), "concord-local") as warehouse:
    print(warehouse.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes project folders, and stops what runs in them afterwards."""
    folders: list[Path] = []

    def make(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "dbt_project.yml").touch()
        folders.append(folder)
        return folder

    yield make
    for folder in folders:
        process.stop_warehouse(folder / ".concord")


def _free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return int(candidate.getsockname()[1])


def _time_travel_copies(state_dir: Path) -> int:
    """Count what stock bqemulator stores at every change of a table."""
    file = state_dir / DATA_DIR / "bqemulator.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        copies = connection.execute(
            "select count(*) from duckdb_tables() where schema_name = '_bqemulator_snapshots'"
        ).fetchone()
    assert copies is not None
    return int(copies[0])


def _python(script: str, argument: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(argument)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_DIR,
    )


def test_started_found_killed_and_stopped(
    project: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BQEMU_REST_HOST", "192.0.2.1")
    state_dir = project("one") / ".concord"
    assert process.running_warehouse(state_dir) is None
    started = process.ensure_running(state_dir, "concord-local", port=0)
    assert probe(started.url, WAIT_SECONDS) is Health.READY
    assert process.running_warehouse(state_dir) == started
    assert process.ensure_running(state_dir, "concord-local", port=0) == started

    client = client_of(started)
    client.query("create schema kept").result()
    client.query("create table kept.t as select 0 as x").result()
    client.query("update kept.t set x = 1 where true").result()
    os.kill(started.pid, signal.SIGKILL)
    psutil.Process(started.pid).wait(WAIT_SECONDS)
    assert process.running_warehouse(state_dir) is None

    again = process.ensure_running(state_dir, "concord-local", port=0)
    assert again.pid != started.pid
    assert [row.x for row in client_of(again).query("select x from kept.t").result()] == [1]
    assert process.stop_warehouse(state_dir)
    assert not psutil.pid_exists(again.pid)
    assert _time_travel_copies(state_dir) == 0
    assert not process.stop_warehouse(state_dir)
    assert process.running_warehouse(state_dir) is None


def test_two_projects_do_not_meet(project: Callable[[str], Path]) -> None:
    first_dir, second_dir = project("first"), project("second")
    port = _free_port()
    first = process.ensure_running(first_dir / ".concord", "concord-local", port=port)
    second = process.ensure_running(second_dir / ".concord", "concord-local", port=port)
    assert first.url == f"http://127.0.0.1:{port}"
    assert second.url != first.url
    for folder, warehouse in ((first_dir, first), (second_dir, second)):
        rows = (
            client_of(warehouse).query("select project_dir from concord_local.warehouse").result()
        )
        assert [row.project_dir for row in rows] == [str(folder)]

    # Nobody can open the data of the other one either.
    message = rf"another process uses the data in .*{first.pid}"
    with (
        pytest.raises(WarehouseError, match=message),
        process.ephemeral(Path(first.data_dir), "concord-local"),
    ):
        pass
    assert process.running_warehouse(first_dir / ".concord") == first


def test_two_starters_at_once_share_one_warehouse(project: Callable[[str], Path]) -> None:
    state_dir = project("shared") / ".concord"
    starters = [_python(START_AND_PRINT_PID, state_dir) for _ in range(2)]
    pids = {starter.communicate(timeout=WAIT_SECONDS)[0].strip() for starter in starters}
    found = process.running_warehouse(state_dir)
    assert found is not None
    assert pids == {str(found.pid)}


def test_wrong_memory_limit_is_said_clearly(tmp_path: Path) -> None:
    with (
        pytest.raises(WarehouseError, match="Unknown unit for memory"),
        process.ephemeral(tmp_path, "concord-local", "4 bananas"),
    ):
        pass


def test_private_warehouse_leaves_its_data_without_a_log_or_jobs(tmp_path: Path) -> None:
    file, state_dir = tmp_path / "bqemulator.duckdb", tmp_path / "state"
    with process.ephemeral(tmp_path, "concord-local", state_dir=state_dir) as first:
        client = client_of(first)
        client.create_dataset("d")
        client.query("create table d.t as select 1 as x").result()
        assert len(list(client.list_jobs())) >= 1
        assert not file.with_name(f"{file.name}.wal").exists()
    with duckdb.connect(str(file), read_only=True) as data:
        assert data.sql('select x from "concord-local__d".t').fetchall() == [(1,)]
        assert data.sql('select * from "_bqemulator_catalog".jobs').fetchall() == []
    assert (state_dir / "translations.sqlite").is_file()

    with process.ephemeral(tmp_path, "concord-local", keeps_data=False) as second:
        rows = client_of(second).query("select x from d.t").result()
        assert [row.x for row in rows] == [1]
    assert not psutil.pid_exists(second.pid)


def test_private_warehouse_ends_with_its_killed_owner(tmp_path: Path) -> None:
    owner = _python(OPEN_EPHEMERAL_AND_WAIT, tmp_path)
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()
    deadline = time.monotonic() + WAIT_SECONDS
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid)


def test_commands(project: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project("commands")
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(folder))
    started = _run("start")
    found = process.running_warehouse(folder / ".concord")
    assert found is not None
    assert started[0] == 0
    assert started[1].splitlines()[0] == f"The local warehouse runs at {found.url}"
    assert "already runs" in _run("start")[1]
    code, text = _run("status")
    assert code == 0
    assert f"Process     {found.pid}\n" in text
    assert "State       ready\n" in text
    assert found.token not in text + started[1]
    lines = [f"export {name}={value}\n" for name, value in found.variables().items()]
    assert _run("status", "--env") == (0, "".join(lines))
    assert _run("stop") == (0, "The local warehouse is stopped.\n")
    assert _run("stop") == (0, "No local warehouse was running.\n")
    assert _run("status")[0] == 1


def _run(*command: str) -> tuple[int, str]:
    result = CliRunner().invoke(warehouse_command, command)
    return result.exit_code, result.output


@pytest.mark.slow
def test_concord_dbt(mini_project: Path) -> None:
    state_dir = mini_project / ".concord"
    options = ("show", "--inline", "select 6 * 7 as answer", "--target-path", ".concord/shown")
    inherited = {name: text for name, text in os.environ.items() if "CONCORD" not in name}

    def run(program: str, *arguments: str, **variables: str) -> tuple[int, str]:
        done = subprocess.run(
            [Path(sys.executable).with_name(program), *arguments],
            cwd=mini_project,
            env=inherited | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    try:
        code, text = run("concord", "dbt", *options)
        assert (code, "42" in text) == (0, True), text
        started = process.running_warehouse(state_dir)
        assert started is not None
        # The shell keeps what it was told, over a restart.
        assert "42" in run("dbt", *options, **started.variables())[1]
        process.stop_warehouse(state_dir)
        assert run("concord", "dbt", *options, **started.variables())[0] == 0
        again = process.running_warehouse(state_dir)
        assert again is not None
        assert (again.variables(), again.pid == started.pid) == (started.variables(), False)
        # The exit code is dbt's.
        assert run("concord", "dbt", "nonsense")[0] == 2
    finally:
        process.stop_warehouse(state_dir)
