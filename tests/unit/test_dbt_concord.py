"""dbt's plugin: what it says before dbt would wait, or show another project's rows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dbt_concord import find_trouble
from orchestrator.local_warehouse.address import owner_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).with_name("dbt")
SHOW = ("/bin/dbt", "show", "-s", "dim_persons", "--inline", "select 1")


@pytest.fixture
def url() -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def trouble(project_dir: Path, url: str, token: str = "") -> str:
    variables = {"CONCORD_WAREHOUSE_URL": url, "CONCORD_WAREHOUSE_TOKEN": token}
    return find_trouble(variables, project_dir, SHOW)


def test_no_address(tmp_path: Path) -> None:
    text = find_trouble({}, tmp_path, SHOW)
    assert text.endswith("Type: concord dbt show -s dim_persons --inline 'select 1'")


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        text = trouble(tmp_path, url)
    assert f"nothing listens at {url}" in text
    assert "concord dbt show" in text


def test_another_project(tmp_path: Path, url: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "own")
    token = f"random.{owner_mark(tmp_path / 'own')}"
    assert trouble(tmp_path / "own", url, token) == ""
    assert trouble(tmp_path / "link", url, token) == ""
    text = trouble(tmp_path, url, token)
    assert "belongs to another project" in text
    assert "Type: unset CONCORD_WAREHOUSE_URL CONCORD_WAREHOUSE_TOKEN; concord dbt show" in text


def test_given_by_hand(tmp_path: Path, url: str) -> None:
    assert trouble(tmp_path, url) == ""
    assert trouble(tmp_path, url, "some-word") == ""
    assert trouble(tmp_path, url, "random.private") == ""


def test_not_from_a_shell(tmp_path: Path) -> None:
    assert find_trouble({}, tmp_path, ("concord", "run")).endswith("Type: concord warehouse start")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("show", "--inline", "select 1 as x"), 2),
        (("show", "--inline", "select 1 as x", "--target", "local"), 2),
        (("ls", "--resource-type", "snapshot"), 0),
    ],
)
def test_dbt_finds_the_plugin(tmp_path: Path, command: tuple[str, ...], code: int) -> None:
    inherited = {name: text for name, text in os.environ.items() if "CONCORD" not in name}
    folders = ("--target-path", str(tmp_path), "--log-path", str(tmp_path))
    done = subprocess.run(
        [DBT, *command, *folders],
        cwd=ROOT,
        env=inherited,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert ("Type: concord dbt show --inline" in done.stdout) == (code != 0)
    # It did not come as far as to connect.
    assert "Concurrency" not in done.stdout
