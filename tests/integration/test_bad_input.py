"""Input as it should not be: each ends in a clear error or a clear result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestrator.cli import execute
from tests.integration.conftest import ROOT, export_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

HEADER = "id,first,second,mail\n"
MAPPING = """
entity: person
record_id: id
columns: {given_name: first, family_name: second, emails: mail}
"""
BAD_FILES = {
    "empty": (b"", "is empty"),
    "header only": (HEADER.encode(), "has no rows"),
    "blank lines only": (b"\n\n\n", "has no header line"),
    "wrong encoding": ((HEADER + "1,José,Núñez,a@b.c\n").encode("latin-1"), "--encoding latin-1"),
    "too few fields": ((HEADER + "1,Ann\n").encode(), "line 2: 4 fields expected, 2 found"),
    "quote never closed": (
        (HEADER + '1,"Ann,Lee,a@b.c\n').encode(),
        "line 2: a quote is never closed",
    ),
    "duplicate ids": ((HEADER + "7,A,B,\n7,C,D,\n").encode(), "'7' (2 times, first in line 2)"),
    "empty id": ((HEADER + "1,A,B,\n ,C,D,\n").encode(), "column 'id' of people.csv is empty in"),
    "missing column": (b"id,first,second\n1,A,B\n", "has no column 'mail'"),
    "column twice": (b"id,first,second,mail,mail\n1,A,B,x,y\n", "2 columns called 'mail'"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the real project the current one."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    (tmp_path / "map.yml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def resolve(folder: Path, content: bytes) -> int:
    """Resolve a file with this content."""
    (folder / "people.csv").write_bytes(content)
    return execute(
        [
            *("resolve", str(folder / "people.csv"), "--map", str(folder / "map.yml")),
            *("--out", str(folder / "out"), "--no-report"),
        ]
    )


@pytest.mark.parametrize("case", BAD_FILES)
def test_resolve_says_what_is_wrong(
    case: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, expected = BAD_FILES[case]
    assert resolve(folder, content) == 2
    told = capsys.readouterr().err
    assert expected in told
    assert "What to do:" in told
    assert not (folder / "out").exists()


@pytest.mark.parametrize("case", ["empty", "blank lines only"])
def test_load_says_what_is_wrong(
    case: str,
    folder: Path,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    export_warehouse(monkeypatch, connection.settings)
    content, expected = BAD_FILES[case]
    (folder / "people.csv").write_bytes(content)
    assert execute(["load", "files.people", str(folder / "people.csv")]) == 2
    assert expected in capsys.readouterr().err


def test_load_of_a_header_without_rows_is_no_error(
    folder: Path,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    export_warehouse(monkeypatch, connection.settings)
    (folder / "people.csv").write_text("record_id,given_name\n", encoding="utf-8")
    assert execute(["load", "files.people", str(folder / "people.csv")]) == 0
    assert "people.csv: no rows" in capsys.readouterr().out


@pytest.mark.needs_models
@pytest.mark.slow
def test_one_record_is_one_cluster(folder: Path) -> None:
    assert resolve(folder, (HEADER + "1,Ann,Lee,ann@example.org\n").encode()) == 0
    clusters = duckdb.sql(f"from '{folder}/out/clusters.parquet'").fetchall()
    assert [row[0] for row in clusters] == ["1"]
    assert duckdb.sql(f"from '{folder}/out/pairs.parquet'").fetchall() == []


@pytest.mark.needs_models
@pytest.mark.slow
@pytest.mark.no_cover
def test_identical_records_meet_and_odd_cells_do_no_harm(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two equal records, one with nothing at all, one with a million characters."""
    rows = [
        "1,Ann,Lockwood,ann.lockwood@example.org",
        "2,Ann,Lockwood,ann.lockwood@example.org",
        "3,,,",
        f"4,{'x' * 1_000_000},Lee,",
    ]
    assert resolve(folder, (HEADER + "\n".join(rows) + "\n").encode()) == 0
    assert (
        "Ignored: 1 cells that are no text, no time where one should be, or too long (10,000)"
        in capsys.readouterr().out
    )
    found = duckdb.sql(
        f"select record_id, cluster_id from '{folder}/out/clusters.parquet'"
    ).fetchall()
    clusters = dict(found)
    assert sorted(clusters) == ["1", "2", "3", "4"]
    assert clusters["1"] == clusters["2"]
    assert len(set(clusters.values())) == 3


@pytest.mark.needs_models
@pytest.mark.slow
@pytest.mark.no_cover
def test_columns_without_any_value_do_no_harm(folder: Path) -> None:
    rows = [f"{number},,," for number in range(5)]
    assert resolve(folder, (HEADER + "\n".join(rows) + "\n").encode()) == 0
    summary = json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["records"], summary["clusters"], summary["pairs_compared"]) == (5, 5, 0)
