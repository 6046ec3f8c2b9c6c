"""Hostile files, mappings and options through the commands: no traceback, rows that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.cli import execute
from orchestrator.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, ConcordError
from orchestrator.reading.file_options import FileOptions
from orchestrator.settings.values import Settings
from tests.faults.night import ROOT
from tests.integration.conftest import export_warehouse
from tests.unit.hostile.mappings import GOOD, mappings
from tests.unit.test_hostile_input import ENGINES_WORDS, MAPPING, hostile_files, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = [pytest.mark.integration, pytest.mark.slow_fault]
MAP: Final = GOOD + "  emails: emails\n"
# A line each, before the message: what a shell shows of a bug.
TRACEBACK: Final = "Traceback (most recent call last)"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Return a warehouse for the files of this module."""
    folder = tmp_path_factory.mktemp("warehouse")
    with private_local_warehouse(Settings(project_dir=ROOT), folder, "1GB") as opened:
        yield opened


def told(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> tuple[int, str]:
    """Run a command; return its exit code and what it printed."""
    code = execute(arguments)
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def complaints(name: str, code: int, text: str) -> Iterator[str]:
    """Name what is wrong with the answer of a command."""
    if code not in {EXIT_OK, EXIT_FAILED, EXIT_USAGE}:
        yield f"{name}: exit code {code}: {text[-300:]}"
    if TRACEBACK in text or ENGINES_WORDS.search(text):
        yield f"{name}: {text[-300:]}"
    if code == EXIT_USAGE and "What to do: " not in text:
        yield f"{name}: not said what to do: {text[-300:]}"


def test_load_of_every_file(
    warehouse: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What the ledger says is what the tables hold, and nothing but reasons is printed."""
    export_warehouse(monkeypatch, warehouse.settings)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    options = ["--ignore-columns", "--max-rejected", "100%"]
    found: list[str] = []
    for path in hostile_files(tmp_path):
        code, text = told(capsys, ["load", "files.people", str(path), *options])
        found += complaints(path.name, code, text)
    assert not found, "\n".join(found)
    rows = warehouse.query(
        """
        select
            l.file_name,
            l.rows_read,
            l.rows_loaded,
            l.rows_rejected,
            (select count(*) from raw_files.people as p where p._file_hash = l.file_hash) as n_rows,
            (
                select count(*) from raw_files.people__rejected as r
                where r.file_hash = l.file_hash
            ) as n_rejected,
            (
                select count(*) from raw_files.people__unusable_values as u
                where u.file_hash = l.file_hash
            ) as n_unusable,
            l.values_unusable
        from raw_files._loaded_files as l
        """
    )
    ledger = [dict(row.items()) for row in rows]
    assert len(ledger) > 150
    for entry in ledger:
        assert entry["rows_read"] == entry["rows_loaded"] + entry["rows_rejected"], entry
        assert (entry["n_rows"], entry["n_rejected"], entry["n_unusable"]) == (
            entry["rows_loaded"],
            entry["rows_rejected"],
            entry["values_unusable"],
        ), entry


def test_resolve_of_every_file_that_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such a file ends the command before any model is built, and leaves no folder behind."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    files = tmp_path / "files"
    files.mkdir()
    (tmp_path / "map.yml").write_text(MAP, encoding="utf-8")
    found: list[str] = []
    refused = 0
    for path in hostile_files(files):
        try:
            resolve(path, MAPPING, FileOptions(), tmp_path / "scratch")
        except ConcordError:
            refused += 1
            arguments = [
                str(path),
                "--map",
                str(tmp_path / "map.yml"),
                "--out",
                str(tmp_path / "o"),
            ]
            code, text = told(capsys, ["resolve", *arguments])
            found += complaints(path.name, code, text)
            found += [f"{path.name}: exit code {code}"] if code != EXIT_USAGE else []
    assert not found, "\n".join(found)
    assert refused > 150
    assert not (tmp_path / "o").exists()
    assert not list((tmp_path / "temporary").iterdir())


def test_resolve_with_every_mapping_and_option_that_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    # A file that no mapping fits: each ends the command before any model is built.
    (tmp_path / "f.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    (tmp_path / "good.yml").write_text(MAP, encoding="utf-8")
    arguments = ["resolve", str(tmp_path / "f.csv"), "--out", str(tmp_path / "out")]
    tries: dict[str, list[str]] = {}
    for name, content in mappings().items():
        path = tmp_path / f"{name}.yml"
        path.write_bytes(content)
        tries[name] = ["--map", str(path)]
    good = ["--map", str(tmp_path / "good.yml")]
    for value in ("ab", "", "\\t\\t", '"', "\n"):
        tries[f"delimiter {value!r}"] = [*good, "--delimiter", value]
    for value in ("klingon", "base64", "undefined", ""):
        tries[f"encoding {value!r}"] = [*good, "--encoding", value]
    tries["folder under a file"] = [*good, "--keep-warehouse", str(tmp_path / "f.csv" / "kept")]
    tries["folder of processes"] = [*good, "--keep-warehouse", "/proc/no/kept"]
    tries["result under a file"] = [*good, "--out", str(tmp_path / "f.csv" / "out")]
    found: list[str] = []
    for name, options in tries.items():
        code, text = told(capsys, [*arguments, *options])
        found += complaints(name, code, text)
        found += [f"{name}: exit code {code}"] if code != EXIT_USAGE else []
    assert not found, "\n".join(found)
