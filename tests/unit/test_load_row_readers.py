"""Files of all formats, row by row, broken ones included."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import InputError
from orchestrator.loading import lines
from orchestrator.loading.file_options import FileOptions
from orchestrator.loading.row_readers import ReadRow, open_rows

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, content: bytes, options: FileOptions | None = None) -> list[ReadRow]:
    """Write a file and read its rows."""
    path.write_bytes(content)
    with open_rows(path, options or FileOptions()) as reader:
        return list(reader.rows())


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    content = b'a,b\n1,"x\ny"\n\n2,z\n3\n4,w\n'
    rows = read(tmp_path / "f.csv", content)
    assert [(row.line_number, row.values) for row in rows] == [
        (2, {"a": "1", "b": "x\ny"}),
        (5, {"a": "2", "b": "z"}),
        (6, None),
        (7, {"a": "4", "b": "w"}),
    ]
    assert rows[2].reason == "2 fields expected, 1 found"


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    rows = read(tmp_path / "f.csv", b'a,b\n1,"open\n2,x\n3,y\n')
    assert [row.line_number for row in rows] == [2, 3, 4]
    assert [row.values is None for row in rows] == [True, False, False]
    assert rows[0].raw_line == '1,"open\n'


def test_a_line_without_end_is_cut_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_CHARACTERS", 100)
    rows = read(tmp_path / "f.csv", b"a,b\n1," + b"x" * 1000 + b"\n2,y\n")
    assert [row.values for row in rows] == [None, {"a": "2", "b": "y"}]
    rows = read(tmp_path / "f.jsonl", b'{"a": "' + b"x" * 1000 + b'"}\n{"a": 1}\n')
    assert [row.values for row in rows] == [None, {"a": 1}]


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [(b"a;b\n1;x,y\n", None), (b"a\tb\n1\tx,y\n", None), (b"a|b\n1|x,y\n", "|")],
)
def test_the_separator_is_found_in_the_header(
    tmp_path: Path, content: bytes, delimiter: str | None
) -> None:
    rows = read(tmp_path / "f.csv", content, FileOptions(delimiter=delimiter))
    assert rows[0].values == {"a": "1", "b": "x,y"}


def test_other_encodings(tmp_path: Path) -> None:
    text = "a,b\n1,José\n"
    latin = read(tmp_path / "f.csv", text.encode("latin-1"), FileOptions("latin-1"))
    assert latin[0].values == {"a": "1", "b": "José"}
    wide = read(tmp_path / "f.csv", text.encode("utf-16"), FileOptions("utf-16"))
    assert wide[0].values == {"a": "1", "b": "José"}
    wrong = read(tmp_path / "f.csv", text.encode("latin-1"))
    assert wrong[0].values is None
    with pytest.raises(InputError, match="unknown encoding 'klingon'"):
        read(tmp_path / "f.csv", b"a\n1\n", FileOptions("klingon"))


def test_json_lines(tmp_path: Path) -> None:
    rows = read(tmp_path / "f.jsonl", b'\xef\xbb\xbf{"a": [1]}\n[]\n{"a"\n\n{"a": null}')
    assert [row.values for row in rows] == [{"a": [1]}, None, None, {"a": None}]
    assert rows[1].reason == "not a JSON object"
    assert "no valid JSON" in rows[2].reason


def test_broken_archives_and_tables_are_named(tmp_path: Path) -> None:
    whole = gzip.compress(b"a,b\n" + b"1,x\n" * 100_000)
    with pytest.raises(InputError, match=r"f\.csv\.gz is not a complete gzip file"):
        read(tmp_path / "f.csv.gz", whole[: len(whole) // 2])
    with pytest.raises(InputError, match="gzip"):
        read(tmp_path / "f.csv.gz", b"plain text")
    with pytest.raises(InputError, match=r"cannot read f\.parquet"):
        read(tmp_path / "f.parquet", b"PAR1 not really")
    with pytest.raises(InputError, match="cannot tell the format"):
        read(tmp_path / "f.xlsx", b"PK")


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any", numbered=True)
    for name in ("f.csv", "f.jsonl"):
        try:
            rows = read(folder / name, b'{"a":"b"}\n' + content)
        except InputError:
            continue
        assert all((row.values is None) == bool(row.reason) for row in rows)
