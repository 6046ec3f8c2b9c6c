"""The command line: help, exit codes and messages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from google.api_core.exceptions import Forbidden, ServiceUnavailable

from orchestrator.cli import COMMANDS, concord, execute
from orchestrator.errors import ConcordError, Interrupted, RunFailed, WarehouseUnavailable

ROOT = Path(__file__).resolve().parents[2]


def a_command_that_raises(error: BaseException) -> click.Command:
    """Return a command that fails in a given way."""

    def fail() -> None:
        raise error

    return click.Command("load", callback=fail)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from orchestrator.cli import execute; execute(['--help']);"
        "print([m for m in ('dbt', 'google.cloud.bigquery', 'duckdb', 'pydantic', 'rich') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip().endswith("[]")
    assert all(name in done.stdout for name in COMMANDS)


# `concord dbt --help` is dbt's own help, of the program that takes this one's place.
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"dbt"}))
def test_every_command_has_help_and_stands_in_the_list(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute([name, "--help"]) == 0
    assert f"Usage: concord {name}" in capsys.readouterr().out
    command = concord.get_command(click.Context(concord), name)
    assert command is not None
    assert command.help


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (RunFailed("a model failed", "look"), 1),
        (ConcordError("wrong", "look"), 2),
        (WarehouseUnavailable("away", "look"), 3),
        (Interrupted("stopped", "look"), 130),
        (KeyboardInterrupt(), 130),
        (ServiceUnavailable("away"), 3),
        (Forbidden("no rights"), 2),
    ],
)
def test_errors_become_exit_codes(
    error: BaseException,
    exit_code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = a_command_that_raises(error)
    monkeypatch.setattr(type(concord), "get_command", lambda *_: command)
    assert execute(["load"]) == exit_code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err


def test_an_unexpected_error_keeps_its_stack_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    command = a_command_that_raises(ZeroDivisionError())
    monkeypatch.setattr(type(concord), "get_command", lambda *_: command)
    with pytest.raises(ZeroDivisionError):
        execute(["load"])


@pytest.mark.parametrize("arguments", [["fly"], ["load"], ["load", "x.y", "/no/such/file"], ["-x"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert execute(arguments) == 2


def test_an_unknown_table_is_named_with_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n", encoding="utf-8")
    assert execute(["load", "salesforce.contacts", str(path)]) == 2
    assert "salesforce.contact," in capsys.readouterr().err
