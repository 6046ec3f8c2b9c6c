"""Files of any format, batch by batch, broken ones included."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from orchestrator.errors import InputError
from orchestrator.reading import csv_rows, lines
from orchestrator.reading.file_options import FileOptions
from orchestrator.reading.read_file import open_file

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.reading.batches import BadRow


@dataclass
class Read:
    """All that a file holds."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    blank: int = 0

    @property
    def values(self) -> list[dict[str, Any]]:
        """Return the good rows in order."""
        return list(self.rows.values())

    @property
    def bad_lines(self) -> list[int]:
        """Return the lines of the bad rows."""
        return [row.line_number for row in self.bad]


def read(path: Path, content: bytes | str, options: FileOptions | None = None) -> Read:
    """Write a file and read its rows."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = Read()
    with open_file(path, options or FileOptions()) as file:
        for batch in file.batches():
            columns = {name: batch.column(name) for name in batch.names if name}
            for index, number in enumerate(batch.line_numbers):
                found.rows[number] = {name: cells[index] for name, cells in columns.items()}
            found.bad += batch.bad
            found.blank += batch.blank
    return found


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    found = read(tmp_path / "f.csv", 'a,b\n1,"x\ny"\n\n2,z\n3\n4,w\n')
    assert found.rows == {
        2: {"a": "1", "b": "x\ny"},
        5: {"a": "2", "b": "z"},
        7: {"a": "4", "b": "w"},
    }
    assert [(row.line_number, row.reason) for row in found.bad] == [
        (6, "2 fields expected, 1 found")
    ]
    assert found.blank == 1


def test_whole_blocks_and_single_lines_give_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block with something odd in it is read line by line: nothing else may change."""
    odd = ['9,"two\nlines"', "9,'+49 30", "9", "", "a,b", '9,"open', "9,x"]
    content = "a,b\n" + "".join(
        f"{n},v{n}\n{odd[n % 7] if n % 3 == 0 else ''}\n" for n in range(90)
    )
    expected = read(tmp_path / "f.csv", content)
    assert len(expected.rows) > 90
    for size in (1, 2, 7, 50):
        monkeypatch.setattr(csv_rows, "BLOCK_LINES", size)
        assert read(tmp_path / "f.csv", content) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 1000])
def test_the_size_of_the_parts_read_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    content = 'a,b\r\n1,"x\r\ny"\r2,z\n3,\xe9\r\r\n"4","\r\n"\r'
    monkeypatch.setattr(lines, "READ_CHARACTERS", size)
    found = read(tmp_path / "f.csv", content)
    assert [tuple(row.values()) for row in found.values] == [
        ("1", "x\r\ny"),
        ("2", "z"),
        ("3", "é"),
        ("4", "\r\n"),
    ]


@pytest.mark.parametrize("ends", [["\r"], ["\n"], ["\r\n"], ["\r\n", "\n", "\r"], ["\r\r\n"]])
def test_line_ends_may_be_mixed(tmp_path: Path, ends: list[str]) -> None:
    rows = ["a,b", *[f'{n},"x\ny"' for n in range(6)]]
    content = "".join(row + ends[n % len(ends)] for n, row in enumerate(rows))
    found = read(tmp_path / "f.csv", content)
    assert [row["a"] for row in found.values] == list("012345")
    assert not found.bad


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    found = read(tmp_path / "f.csv", 'a,b\n1,"open\n2,x\n3,y\n')
    assert (list(found.rows), found.bad_lines) == ([3, 4], [2])
    assert found.bad[0].raw_line == '1,"open\n'


def test_a_quote_that_another_row_closes_costs_one_line(tmp_path: Path) -> None:
    """The good rows between the two are no part of a cell."""
    header = "a,b,c\n"
    found = read(tmp_path / "f.csv", header + '1,"x,y\n2,x,y\n3,x,y\n4,", Jr",y\n5,x,y\n')
    assert (list(found.rows), found.bad_lines) == ([3, 4, 5, 6], [2])
    # This one even has as many fields as a row: but all its lines are rows.
    found = read(tmp_path / "f.csv", header + '1,"x\n2,x,y\n3,x,y\n4,x",y\n5,x,y\n')
    assert set(found.bad_lines) == {2}
    assert [row["a"] for row in found.values] == ["2", "3", "4", "5"]
    # A letter with a comma in it is one cell.
    letter = '1,"Dear Ann,\n\nthanks, and see you, soon\nBo",y\n2,x,y\n'
    assert list(read(tmp_path / "f.csv", header + letter).rows) == [2, 6]


def test_a_line_without_end_is_cut_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_CHARACTERS", 100)
    monkeypatch.setattr(lines, "READ_CHARACTERS", 64)
    found = read(tmp_path / "f.csv", "a,b\n1," + "x" * 1000 + "\n2,y\n")
    assert (found.values, found.bad_lines) == ([{"a": "2", "b": "y"}], [2])
    found = read(tmp_path / "f.jsonl", '{"a": "' + "x" * 1000 + '"}\n{"a": 1}\n')
    assert (found.values, found.bad_lines) == ([{"a": 1}], [1])


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("a;b\n1;x,y\n", None),
        ("a\tb\n1\tx,y\n", None),
        ("a|b\n1|x,y\n", "|"),
        ('a,"b;b;b;b"\n1,"x,y"\n', None),
        ("sep=;\r\na;b\n1;x,y\n", None),
        ('"sep=|"\n\na|b\n1|x,y\n', None),
        ("a\tb\n1\tx,y\n", "\\t"),
        ("a~b\n1~x,y\n", "~"),
    ],
)
def test_the_separator_is_found_in_the_header(
    tmp_path: Path, content: str, delimiter: str | None
) -> None:
    found = read(tmp_path / "f.csv", content, FileOptions(delimiter=delimiter))
    assert list(found.values[0].values()) == ["1", "x,y"]


def test_other_encodings(tmp_path: Path) -> None:
    text = "a,b\n1,José\n"
    for encoding in ("latin-1", "utf-16-le", "cp437"):
        found = read(tmp_path / "f.csv", text.encode(encoding), FileOptions(encoding))
        assert found.values == [{"a": "1", "b": "José"}]
    # A mark says what a file is, whatever the option says.
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        for told in ("utf-8", "cp1252"):
            found = read(tmp_path / "f.csv", text.encode(encoding), FileOptions(told))
            assert found.values == [{"a": "1", "b": "José"}]
    wrong = read(tmp_path / "f.csv", text.encode("latin-1"))
    assert (wrong.values, wrong.bad_lines) == ([], [2])
    with pytest.raises(InputError, match="UTF-16 without a mark") as caught:
        read(tmp_path / "f.csv", text.encode("utf-16-be"))
    assert "utf-16-be" in caught.value.what_to_do
    with pytest.raises(InputError, match="unknown encoding 'klingon'"):
        read(tmp_path / "f.csv", "a\n1\n", FileOptions("klingon"))


def test_what_spreadsheets_add_is_taken_away(tmp_path: Path) -> None:
    content = "a,b,\n=\"007\",'+49 30,\n'-x,'t Hooft,\n,,\n  \n1,O'Neil,,\n"
    found = read(tmp_path / "f.csv", content)
    cells = [tuple(row.values()) for row in found.values]
    assert cells == [("007", "+49 30"), ("-x", "'t Hooft"), ("1", "O'Neil")]
    assert (found.blank, found.bad) == (2, [])


def test_nul_characters_are_no_text(tmp_path: Path) -> None:
    assert read(tmp_path / "f.csv", "a,b\n1,J\0o\n").values == [{"a": "1", "b": "Jo"}]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Contacts of May\n\na,b,c\n1,2,3\n", r"line 1 of f\.csv .* is not a header: line 3 has 3"),
        ('"a,b,c"\n"1,2,3"\n', "is in quotes as one single cell"),
        ('a,"b\n1,2\n', "a quote in it is never closed"),
        (",,\n1,2,3\n", "names no column"),
        ("\n \n", "has no header line"),
    ],
)
def test_a_header_that_is_none_is_named(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path / "f.csv", content)


def test_a_line_break_in_a_column_name_is_a_blank(tmp_path: Path) -> None:
    found = read(tmp_path / "f.csv", 'a,"Date\r\nof birth"\n1,x\n')
    assert found.rows == {3: {"a": "1", "Date of birth": "x"}}


def test_json_lines_and_arrays(tmp_path: Path) -> None:
    found = read(tmp_path / "f.jsonl", '\ufeff{"a": [1]}\n[]\n{"a"\n\n{"a": null}')
    assert found.rows == {1: {"a": [1]}, 5: {"a": None}}
    assert [row.reason for row in found.bad] == [
        "not a JSON object",
        "no valid JSON (character 6)",
    ]
    found = read(tmp_path / "f.jsonl", '{"a": 1, "a": 2}\n{"a": NaN}\n{"a": ' + "9" * 5000 + "}\n")
    assert (found.values, found.bad_lines) == ([{"a": None}], [1, 3])
    rows = [{"a": number, "text": "x[]{},\n" * number} for number in range(300)]
    for indent in (None, 2):
        text = json.dumps(rows, indent=indent)
        assert read(tmp_path / "f.json", text).values == rows
    for broken in (text[:-1], text + "]", text[:50], "[,]", "[1 2]"):
        with pytest.raises(InputError, match="is not valid JSON from line"):
            read(tmp_path / "f.json", broken)


def test_arrays_are_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.reading.json_array.READ_CHARACTERS", 10)
    monkeypatch.setattr(lines, "READ_CHARACTERS", 3)
    found = read(tmp_path / "f.json", '[{"a": 123456},\n 1234567890123,\n{"a": "x"}]')
    assert found.rows == {1: {"a": 123456}, 3: {"a": "x"}}
    assert found.bad_lines == [2]


def test_broken_archives_and_tables_are_named(tmp_path: Path) -> None:
    whole = gzip.compress(b"a,b\n" + b"1,x\n" * 100_000)
    for content in (whole[: len(whole) // 2], whole[:-1], whole[:-8] + b"1234" + whole[-4:]):
        with pytest.raises(InputError, match=r"f\.csv\.gz is not a complete gzip file"):
            read(tmp_path / "f.csv.gz", content)
    cut = gzip.compress(b'{"a": 1}\n' * 100_000)[:-20]
    with pytest.raises(InputError, match=r"f\.jsonl\.gz is not a complete gzip file"):
        read(tmp_path / "f.jsonl.gz", cut)
    with pytest.raises(InputError, match="is not a gzip file"):
        read(tmp_path / "f.csv.gz", b"plain text")
    with pytest.raises(InputError, match=r"f\.parquet is not a complete Parquet file"):
        read(tmp_path / "f.parquet", b"PAR1 not really")
    with pytest.raises(InputError, match=r"f\.xlsx is a zip archive"):
        read(tmp_path / "f.xlsx", b"PK\x03\x04")
    with pytest.raises(InputError, match="cannot tell the format"):
        read(tmp_path / "f.dat", b"a,b\n")


def test_a_column_that_nobody_wants_is_not_read(tmp_path: Path) -> None:
    """Its values may be anything: they cost nothing."""
    path = tmp_path / "f.parquet"
    bad = pa.array([b"\xff"] * 3, pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, [None, *bad.buffers()[1:]])
    parquet.write_table(pa.table({"a": ["1", "2", "3"], "b": text}), path)
    with open_file(path, FileOptions()) as file:
        assert [batch.column("a") for batch in file.batches(["a"])] == [["1", "2", "3"]]
    with open_file(path, FileOptions()) as file:
        (batch,) = file.batches(["b"])
        assert [cell.reason for cell in batch.column("b")] == ["is no text in UTF-8"] * 3


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any", numbered=True)
    for name in ("f.csv", "f.jsonl"):
        try:
            found = read(folder / name, b'{"a":"b"}\n' + content)
        except InputError:
            continue
        assert all(row.reason for row in found.bad)
