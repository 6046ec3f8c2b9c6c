"""Files of all formats through a mapping."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from orchestrator.errors import ConcordError
from orchestrator.mapping import mapped_file
from orchestrator.mapping.mapped_file import FileFacts, InputFile, open_mapped_files
from orchestrator.mapping.mapping import Mapping
from orchestrator.reading.file_options import FileOptions
from orchestrator.sources.source_schemas import raw_table, read_raw_tables

ROOT = Path(__file__).resolve().parents[2]
TABLES = read_raw_tables(ROOT)
COLUMNS = {
    "given_name": "first",
    "street": ["number", "road"],
    "emails": ["mail", "mail2"],
    "phones": "phone",
    "date_of_birth": "born",
    "identifiers": {"tax": "ssn"},
    "updated_at": "changed",
}
NAMES = ("id", "first", "number", "road", "mail", "mail2", "phone", "born", "ssn", "changed")


def mapped(
    path: Path,
    options: FileOptions | None = None,
    **changes: Any,  # noqa: ANN401 - parts of a mapping
) -> tuple[list[dict[str, Any]], FileFacts]:
    """Return the rows and the facts of a file."""
    values = {"entity": "person", "record_id": "id", "columns": COLUMNS} | changes
    mapping = Mapping.model_validate(values)
    table = raw_table(TABLES, mapping.table_name)
    scratch = path.parent / "scratch"
    scratch.mkdir()
    try:
        given = InputFile(path, mapping, options or FileOptions())
        with open_mapped_files([given], table, scratch) as file:
            rows = [
                json.loads(line)
                for chunk in file.write_chunks(scratch, "2024-01-01 00:00:00")
                for line in chunk.read_text(encoding="utf-8").splitlines()
            ]
            return rows, file.files[0]
    finally:
        for entry in scratch.iterdir():
            entry.unlink()
        scratch.rmdir()


def write_csv(path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    """Write a file with all columns."""
    path.write_bytes("\r\n".join([",".join(NAMES), *rows, ""]).encode(encoding))
    return path


def test_csv_cells_come_into_shape(tmp_path: Path) -> None:
    line = '1,"  Ann ",12,High St,A@x.com; b@x.com,c@x.com,1 2|3,1980-01-02,77,2024-05-06T07:08:09Z'
    rows, facts = mapped(write_csv(tmp_path / "f.csv", line, "2,,,,,,,,,"))
    first, second = rows
    assert (first["given_name"], first["street"]) == ("Ann", "12 High St")
    assert first["emails"] == ["A@x.com", "b@x.com", "c@x.com"]
    assert first["phones"] == ["1 2", "3"]
    assert first["identifiers"] == [{"type": "tax", "value": "77"}]
    assert first["updated_at"] == "2024-05-06 07:08:09.000000"
    assert (first["source_system"], first["_file_name"]) == ("f", "f.csv")
    assert list(first) == [column.name for column in TABLES["files.people"].columns]
    assert second["given_name"] is None
    assert (second["emails"], second["identifiers"]) == ([], [])
    assert facts.row_count == 2


def test_all_formats_give_the_same_rows(tmp_path: Path) -> None:
    values = ["7", "Zoë", "1", "Rd", "a@x.com", None, "5", "1999-12-31", "8", None]
    row = dict(zip(NAMES, values, strict=True))
    cells = ",".join(value or "" for value in values)
    write_csv(tmp_path / "f.csv", cells)
    with gzip.open(tmp_path / "f.csv.gz", "wb") as file:
        file.write((tmp_path / "f.csv").read_bytes())
    write_csv(tmp_path / "f.tsv", cells, encoding="utf-8-sig")
    (tmp_path / "f.jsonl").write_text(json.dumps(row), encoding="utf-8")
    typed = {name: [value] for name, value in row.items()} | {"id": [7.0], "mail": [["a@x.com"]]}
    parquet.write_table(pa.table(typed), tmp_path / "f.parquet")
    found = []
    for name in ("f.csv", "f.csv.gz", "f.tsv", "f.jsonl", "f.parquet"):
        rows, _ = mapped(tmp_path / name)
        own = {key: value for key, value in rows[0].items() if not key.startswith("_")}
        found.append(own)
    assert found[0]["record_id"] == "7"
    assert all(own == found[0] for own in found)


def test_latin_1_and_large_files_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped_file, "CHUNK_ROWS", 2)
    lines = [f"{number},José,,,,,,,," for number in range(5)]
    path = write_csv(tmp_path / "f.csv", *lines, encoding="latin-1")
    rows, facts = mapped(path, FileOptions("latin-1"))
    assert [row["record_id"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert {row["given_name"] for row in rows} == {"José"}
    assert facts.row_count == 5


def test_bad_rows_can_be_left_out(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "1,,,,,,,,,", "2,too,few", "3,,,,,,,,,")
    with pytest.raises(ConcordError, match="line 3: 10 fields expected, 3 found"):
        mapped(path)
    rows, facts = mapped(path, FileOptions(skip_bad_rows=True))
    assert ([row["record_id"] for row in rows], facts.skipped_rows) == (["1", "3"], 1)
    good = json.dumps(dict.fromkeys(NAMES, "1"))
    (tmp_path / "f.jsonl").write_text(f"{good}\nnonsense\n", encoding="utf-8")
    with pytest.raises(ConcordError, match="line 2: no valid JSON"):
        mapped(tmp_path / "f.jsonl")
    rows, facts = mapped(tmp_path / "f.jsonl", FileOptions(skip_bad_rows=True))
    assert (len(rows), facts.skipped_rows) == (1, 1)


def test_cells_of_absurd_length_count_as_empty(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", f"1,{'x' * 1_000_000},2,Rd,,,,,,")
    rows, facts = mapped(path)
    assert (rows[0]["given_name"], rows[0]["street"]) == (None, "2 Rd")
    assert facts.dropped_cells == 1


@pytest.mark.parametrize(
    ("lines", "changes", "told"),
    [
        (
            ["1,,,,,,,,,", "1,,,,,,,,,"],
            {},
            r"'id' of f\.csv repeats a record id: '1' \(2 times, first in line 2\)",
        ),
        (["1,,,,,,,,,", ",x,,,,,,,,"], {}, r"'id' of f\.csv is empty in line 3"),
        ([], {}, "has no rows"),
        (["1,,,,,,,,,"], {"duplicate_free_sources": ["crm"]}, "duplicate-free source 'crm'"),
        (["1,,,,,,,,,"], {"columns": {"city": "town"}}, "no column 'town'"),
        (["1,,,,,,,,,"], {"columns": {"town": "first"}}, "unknown canonical column 'town'"),
    ],
)
def test_what_cannot_be_resolved_is_named(
    tmp_path: Path, lines: list[str], changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConcordError, match=told):
        mapped(write_csv(tmp_path / "f.csv", *lines), **changes)


def test_duplicate_free_sources_are_marked(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "1,crm,,,,,,,,", "2,web,,,,,,,,")
    rows, _ = mapped(path, source_system="first", duplicate_free_sources=["crm"])
    assert [row["is_source_duplicate_free"] for row in rows] == [True, False]


def test_names_that_look_like_sql_are_only_names(tmp_path: Path) -> None:
    name = 'it\'s "quoted"; drop table x.y --'
    (tmp_path / "f.csv").write_text(f'id,"{name.replace(chr(34), chr(34) * 2)}"\n1,v\n')
    rows, _ = mapped(tmp_path / "f.csv", columns={"city": name})
    assert rows[0]["city"] == "v"
    (tmp_path / "f.jsonl").write_text(json.dumps({"id": 1, name: "v"}))
    rows, _ = mapped(tmp_path / "f.jsonl", columns={"city": name})
    assert rows[0]["city"] == "v"
    parquet.write_table(pa.table({"id": [1], name: ["v"]}), tmp_path / "f.parquet")
    rows, _ = mapped(tmp_path / "f.parquet", columns={"city": name, "emails": name})
    assert (rows[0]["city"], rows[0]["emails"]) == ("v", ["v"])


def test_lines_are_numbered_where_there_are_no_ids(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "x,a,,,,,,,,", "", "x,b,,,,,,,,")
    rows, facts = mapped(path, record_id="auto")
    assert [(row["record_id"], row["given_name"]) for row in rows] == [("2", "a"), ("4", "b")]
    assert facts.blank_lines == 1


def test_blanks_around_ids_are_gone_and_counted(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", " 1,,,,,,,,,", '"2\r",,,,,,,,,', "3,,,,,,,,,")
    rows, facts = mapped(path)
    assert ([row["record_id"] for row in rows], facts.trimmed_ids) == (["1", "2", "3"], 2)
    with pytest.raises(ConcordError, match="repeats a record id: '1'"):
        mapped(write_csv(tmp_path / "f.csv", " 1,,,,,,,,,", "1,,,,,,,,,"))


def test_objects_may_name_their_columns_in_any_spelling(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text('{"ID": 1, "First": "Ann", "other": {}}\n{"First": ["Bo", "B"], "ID": "2"}\n')
    rows, _ = mapped(path, columns={"given_name": "first", "emails": "first"})
    found = [(row["record_id"], row["given_name"], row["emails"]) for row in rows]
    assert found == [("1", "Ann", ["Ann"]), ("2", "Bo B", ["Bo", "B"])]
    with pytest.raises(
        ConcordError, match=r"columns\.given_name: f\.jsonl has no column 'vorname'"
    ):
        mapped(path, columns={"given_name": "vorname"})
