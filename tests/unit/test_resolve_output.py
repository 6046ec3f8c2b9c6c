"""The files that `concord resolve` writes for people."""

from __future__ import annotations

import csv
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from orchestrator.errors import InputError, MappingError
from orchestrator.mapping.kept_columns import KeptColumns
from orchestrator.mapping.mapped_file import InputFile, open_mapped_files
from orchestrator.mapping.mapped_sql import free_name
from orchestrator.mapping.mapping import Mapping
from orchestrator.mapping.numbered_rows import keep_numbers, write_numbers
from orchestrator.reading.cell_guard import without_guard
from orchestrator.reading.file_options import FileOptions
from orchestrator.reading.read_file import open_file
from orchestrator.resolve import inputs
from orchestrator.resolve.answers import check_known, full_record_id, read_answers
from orchestrator.resolve.evidence import evidence_hints, filled_shares
from orchestrator.resolve.history import History
from orchestrator.resolve.inputs import Reading, files_on_disk, paired
from orchestrator.resolve.output.tables import (
    ENTITIES,
    GOLDEN,
    LEDGER,
    REVIEW,
    OutputTable,
    output_tables,
)
from orchestrator.resolve.output.workbook import GROUP_COLOURS, check_size
from orchestrator.resolve.output.write_files import FORMATS, write_table
from orchestrator.resolve.request import ResolveRequest
from orchestrator.sources.source_schemas import raw_table, read_raw_tables

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = raw_table(read_raw_tables(ROOT), "files.people")
MAPPING = Mapping.model_validate(
    {
        "entity": "person",
        "record_id": "id",
        "columns": {"full_name": "name", "emails": "mail", "date_of_birth": "born"},
    }
)
SHOP = "id;name;why;mail;born\n7;Anna;=1+1;a@x.de;3.4.1985\n9;Bert;-2;b@x.de;1985-04-03\n"
NEWS = "id;name;Town;mail;born\n7;Anne;@Ulm;a@x.de;\n"


def read(folder: Path, **files: str) -> list[InputFile]:
    """Write files and return how they are to be read."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [InputFile(folder / f"{name}.csv", MAPPING, FileOptions()) for name in files]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Write the tables of two files in every format."""
    files = read(tmp_path, shop=SHOP, news=NEWS)
    with open_mapped_files(files, PEOPLE, tmp_path, keeps_columns=True) as mapped:
        connection = mapped.connection
        rows = [
            "('shop', '7', 'per_1', 2, 0.987654, null, null, '7', 'news', true, 9.0, 5.5, 3.5)",
            "('news', '7', 'per_1', 2, 0.95, null, null, '7', 'shop', true, 9.0, 5.5, 3.5)",
            "('shop', '9', 'per_2', 1, null, null, null, '7', 'shop', false, -7.0, -6.0, 0.5)",
        ]
        connection.execute(
            f"copy (select * from (values {', '.join(rows)}) as t (source_system, source_id, "
            "entity_id, entity_size, confidence, copy_of, copy_source, most_like, "
            "most_like_source, is_together, match_weight, "
            f"weight_given_name, weight_email)) to '{tmp_path / ENTITIES}'"
        )
        connection.execute(
            "copy (select unnest(['per_1', 'per_2']) as entity_id, 'Anna' as display_name, "
            f"['a', 'b'] as emails, unnest([2, 1]) as n_records) to '{tmp_path / GOLDEN}'"
        )
        connection.execute(
            "copy (select 1 as priority, 'one or two?' as why, 1.26 as match_weight, "
            "'7' as record_id_l, '9' as record_id_r, 'ann' as name_l, 'bob' as name_r, "
            "'' as address_l, "
            "'given_name exact +5.2' as evidence_for, '' as evidence_against, "
            "'' as address_r, '' as contacts_l, '' as contacts_r, 'shop' as source_l, "
            "'shop' as source_r) "
            f"to '{tmp_path / REVIEW}'"
        )
        connection.execute(
            "copy (select 'born' as event, 'new_record' as cause, "
            "'files:people:shop:7:b' as record_id, null::varchar as entity_id_before, "
            f"'per_1' as entity_id) to '{tmp_path / LEDGER}'"
        )
        tables = output_tables(
            connection, PEOPLE, mapped.columns, tmp_path, sources=mapped.sources, is_numbered=False
        )
        for table in tables:
            write_table(connection, table, tmp_path, FORMATS, ";")
    return tmp_path


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_records_have_every_column_and_who_they_are(written: Path) -> None:
    first, second, third = table(written / "records.csv")
    assert list(first) == [
        *("file", "id", "name", "why", "mail", "born", "Town"),
        *("entity_id", "entity_size", "confidence", "concord_why"),
    ]
    assert (first["file"], first["id"], first["name"]) == ("shop.csv", "7", "Anna")
    assert (first["entity_id"], first["entity_size"]) == ("per_1", "2")
    assert first["confidence"] == "0.9877"
    assert first["concord_why"] == "like 7 of news: given name, e-mail"
    assert (second["id"], second["confidence"]) == ("9", "")
    assert second["concord_why"] == "alone; most like 7 of shop, but not: given name"
    assert (third["file"], third["why"], third["Town"]) == ("news.csv", "", "'@Ulm")


def test_no_cell_is_a_formula_and_reading_takes_the_guard_off(written: Path) -> None:
    first, second, _ = table(written / "records.csv")
    assert (first["why"], second["why"]) == ("'=1+1", "-2")
    with open_file(written / "records.csv", FileOptions()) as file:
        (batch,) = file.batches()
    assert list(batch.column("why")) == ["=1+1", "-2", ""]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+49 (30) 12-34", "+49 (30) 12-34"),
        ("-1.5", "-1.5"),
        ("+1+cmd|x", "'+1+cmd|x"),
        ("-2+3\n@SUM(A1)", "'-2+3\n@SUM(A1)"),
        ("@anna", "'@anna"),
        ("\tx", "'\tx"),
        ("a=b", "a=b"),
        ("", None),
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula(
    tmp_path: Path, text: str, shown: str | None
) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table given as select $1::varchar as cell, 1 as n", [text])
        write_table(connection, OutputTable("t", "from given"), tmp_path, ["csv"], ",")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["cell"] == (text if shown is None else shown)
    assert without_guard(row["cell"]) == text


def test_names_of_columns_are_no_formulas_either_and_keep_their_signs(tmp_path: Path) -> None:
    names = ["it's", "=1+1", 'a "b"', "c;d", "é"]
    with duckdb.connect() as connection:
        columns = ", ".join(
            f"'{number}' as \"{name.replace(chr(34), chr(34) * 2)}\""
            for number, name in enumerate(names)
        )
        table_of_names = OutputTable("t", f"select {columns}")
        write_table(connection, table_of_names, tmp_path, FORMATS, ";")
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with open_file(tmp_path / "t.csv", FileOptions()) as file:
        assert file.columns == tuple(names)
    (row,) = table(tmp_path / "t.csv")
    assert list(row) == ["it's", "'=1+1", 'a "b"', "c;d", "é"]
    sheet = CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_name("t")
    assert sheet.to_python()[0] == names


def test_a_workbook_has_the_rows_of_an_entity_together_in_a_colour(written: Path) -> None:
    book = CalamineWorkbook.from_path(written / "records.xlsx")
    header, *rows = book.get_sheet_by_name("records").to_python()
    assert header[-1] == "concord_why"
    assert [(row[0], row[1]) for row in rows] == [
        *(("shop.csv", "7"), ("news.csv", "7")),
        ("shop.csv", "9"),
    ]
    assert rows[0][3] == "=1+1"
    import zipfile

    with zipfile.ZipFile(written / "records.xlsx") as archive:
        styles = archive.read("xl/styles.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert any(f"FF{colour[1:]}" in styles for colour in GROUP_COLOURS)
    assert "<f>" not in sheet
    assert "autoFilter" in sheet


def test_golden_review_and_changes(written: Path) -> None:
    first, second = table(written / "golden.csv")
    assert (first["entity_id"], first["n_records"], first["emails"]) == ("per_1", "2", "a; b")
    assert (first["records"], first["lowest_confidence"]) == ("7 of news; 7 of shop", "0.95")
    assert second["lowest_confidence"] == ""
    (question,) = table(written / "review.csv")
    assert list(question)[:3] == ["priority", "decision", "why"]
    assert question["evidence_for"] == "given name exact +5.2"
    assert (question["decision"], question["source_l"]) == ("", "shop")
    # As the files have it, not as it is matched.
    assert (question["name_l"], question["contacts_r"]) == ("Anna", "b@x.de")
    (change,) = table(written / "changes.csv")
    assert (change["record_id"], change["display_name"]) == ("7:b", "Anna")
    for name in ("records", "golden", "review", "changes"):
        rows = duckdb.sql(f"select count(*) from '{written / name}.parquet'").fetchall()
        assert rows == [(len(table(written / f"{name}.csv")),)]


def test_columns_without_a_name_and_with_the_same_one_stay_apart() -> None:
    kept = KeptColumns()
    with duckdb.connect() as connection:
        part = connection.execute(
            "create view part as select 1 as position, 'a' as o0, 'b' as o1, 'c' as o2, 'd' as o3"
        )
        assert part is not None
        kept.keep(connection, ("Mail", "", "Mail", "mail 2"), 0)
        kept.keep(connection, ("Mail",), 10)
        assert kept.headed() == {"c0": "Mail", "c1": "column 2", "c2": "Mail 2", "c3": "mail 2_"}
        rows = connection.execute("select position, c0, c3 from kept order by 1").fetchall()
    assert rows == [(1, "a", "d"), (11, "a", None)]


NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_answers_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    path.write_text(
        "priority;decision;record_id_l;record_id_r\n1;yes;7;9\n2;;1;2\n3;Different;a:b;8\n",
        encoding="utf-8",
    )
    first, second = read_answers(path, "files.people", ["shop:1"], NOW)
    assert (first.verdict, first.left_id, first.right_id) == (
        *("same", "files:people:shop%3A1:7"),
        "files:people:shop%3A1:9",
    )
    assert (second.verdict, second.left_id) == ("different", "files:people:shop%3A1:a:b")
    assert full_record_id("files.people", "50%", "1") == "files:people:50%25:1"
    known = {first.left_id, first.right_id, second.left_id}
    with pytest.raises(
        InputError, match=r"files:people:shop%3A1:a:b different .*:8: nobody knows .*:8"
    ):
        check_known(path, [first, second], known)
    check_known(path, [first], known)


def test_answers_are_read_as_a_spreadsheet_saves_them(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    path.write_text("decision;record_id_l;record_id_r;name_l\nno;7;9;Jörg\n", encoding="cp1252")
    (answer,) = read_answers(path, "files.people", ["shop"], NOW)
    assert answer.verdict == "different"


def test_answers_that_say_nothing_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    path.write_text("decision,record_id_l,record_id_r\nperhaps,1,2\nsame,1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_answers(path, "files.people", ["a", "b"], NOW)
    assert "line 2: decision 'perhaps' is not same, different or unsure" in caught.value.message
    assert "line 3: source_l is empty, and there are several sources" in caught.value.message
    path.write_text("left,right\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no column decision"):
        read_answers(path, "files.people", ["a"], NOW)


@pytest.mark.parametrize(
    ("content", "ending"),
    [(b"a,b\n1,2\n", ".csv"), (b'{"a": 1}', ".jsonl"), (b" [1]", ".json"), (b"PAR1", ".parquet")],
)
def test_the_standard_input_is_a_file_for_a_while(
    monkeypatch: pytest.MonkeyPatch, content: bytes, ending: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    with files_on_disk([Path("x.csv"), Path("-")]) as (first, second):
        assert first == Path("x.csv")
        assert (second.name, second.read_bytes()) == (f"stdin{ending}", content)
    assert not second.exists()
    with pytest.raises(InputError, match="nothing came"), files_on_disk([inputs.STDIN]):
        pass
    with pytest.raises(InputError, match="can be read once"), files_on_disk([inputs.STDIN] * 2):
        pass


def mapping(**changes: Any) -> Mapping:  # noqa: ANN401 - parts of a mapping
    """Return a mapping with some other parts."""
    return MAPPING.model_copy(update=changes)


def test_each_file_has_its_mapping() -> None:
    def readings(*mappings: Mapping) -> list[Reading]:
        return [Reading(one, "", FileOptions()) for one in mappings]

    paths = [Path("a.csv"), Path("b.csv")]
    other = mapping(record_id="auto")
    files = paired(paths, readings(MAPPING, other))
    assert [one.mapping for one in files] == [MAPPING, other]
    assert [one.mapping for one in paired(paths, readings(other))] == [other, other]
    with pytest.raises(MappingError, match="3 files and 2 mappings"):
        paired([*paths, Path("c.csv")], readings(MAPPING, other))
    german = mapping(phone_region="DE")
    assert [one.mapping for one in paired(paths, readings(MAPPING, german))] == [MAPPING, german]
    with pytest.raises(MappingError, match="different things of phone_region: DE and US"):
        paired(paths, readings(mapping(phone_region="US"), german))
    with pytest.raises(InputError, match=r"a\.csv is given twice"):
        paired([paths[0], paths[0]], readings(MAPPING))


def test_a_file_with_ids_keeps_them_beside_one_without(tmp_path: Path) -> None:
    """Only rows without ids are numbered, with numbers that are nobody's id."""
    numbers = tmp_path / "numbers.parquet"
    news = "name;mail\nAnn;a@x.de\n"

    def ids(shop: str, earlier: Path | None) -> list[tuple[str, str]]:
        (tmp_path / "shop.csv").write_text(f"id;name;mail;born\n{shop}", encoding="utf-8")
        (tmp_path / "news.csv").write_text(news, encoding="utf-8")
        without = mapping(record_id="auto", columns={"full_name": ("name",), "emails": ("mail",)})
        given = [
            InputFile(tmp_path / "shop.csv", MAPPING, FileOptions(), "all"),
            InputFile(tmp_path / "news.csv", without, FileOptions(), "all"),
        ]
        with open_mapped_files(given, PEOPLE, tmp_path) as mapped:
            if earlier is not None:
                keep_numbers(mapped.connection, PEOPLE, [1], earlier)
            write_numbers(mapped.connection, PEOPLE, [1], None, tmp_path / "next.parquet")
            found = mapped.connection.execute(
                "select full_name, record_id from mapped order by position"
            ).fetchall()
        (tmp_path / "file.duckdb").unlink()
        (tmp_path / "next.parquet").rename(numbers)
        return found

    assert ids("A10;Ann;;\n20;Bob;;\n", None) == [("Ann", "A10"), ("Bob", "20"), ("Ann", "2")]
    news += "Eve;e@x.de\n"
    assert ids("A10;Anna;;\n30;Zoe;;\n", numbers) == [
        *(("Anna", "A10"), ("Zoe", "30")),
        *(("Ann", "2"), ("Eve", "31")),
    ]


def test_times_of_all_forms_are_utc_and_those_that_are_none_are_counted(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(
        "id;name;changed\n1;A;2025-12-31T10:00:00+02:00\n2;B;2025-12-31 10:00\n3;C;soon\n4;D;\n",
        encoding="utf-8",
    )
    timed = mapping(columns={"full_name": ("name",), "updated_at": ("changed",)})
    given = [InputFile(tmp_path / "f.csv", timed, FileOptions())]
    with open_mapped_files(given, PEOPLE, tmp_path) as mapped:
        rows = mapped.connection.execute("select updated_at from mapped order by position")
        assert [text and text[:19] for (text,) in rows.fetchall()] == [
            *("2025-12-31 08:00:00", "2025-12-31 10:00:00"),
            *(None, None),
        ]
        assert mapped.files[0].dropped_cells == 1


def test_what_no_sheet_has_room_for_is_refused() -> None:
    check_size(1_048_575, 16_384)
    with pytest.raises(InputError, match="would have 1,048,576 rows"):
        check_size(1_048_576, 3)
    with pytest.raises(InputError, match="would have 16,385 columns"):
        check_size(3, 16_385)


def test_a_result_that_is_resolved_again_keeps_its_columns_apart(written: Path) -> None:
    """Its columns have the names of ours, and of what a workbook is sorted by."""
    names = ("entity_id", "concord_entity_id", "concord place")
    with duckdb.connect() as connection:
        values = ", ".join(f"'{name}' as \"{name}\"" for name in names)
        rows = f"select {values}, unnest([2, 1, 2]) as own"
        write_table(connection, OutputTable("t", rows, "own"), written, ["xlsx"], ",")
    sheet = CalamineWorkbook.from_path(written / "t.xlsx").get_sheet_by_name("t").to_python()
    assert sheet == [[*names, "own"], [*names, 2.0], [*names, 2.0], [*names, 1.0]]
    assert free_name("why", {"Why", "concord_why"}) == "concord_concord_why"


def test_two_files_may_number_their_rows_alike_unless_they_are_one_source(tmp_path: Path) -> None:
    files = read(tmp_path, shop=SHOP, news=NEWS)
    with open_mapped_files(files, PEOPLE, tmp_path) as mapped:
        assert (mapped.row_count, mapped.sources) == (3, ("shop", "news"))
        rows = mapped.connection.execute("select position, line_number from mapped").fetchall()
        assert rows == [(1, 2), (2, 3), (3, 2)]
    (tmp_path / "file.duckdb").unlink()
    named = [InputFile(one.path, one.mapping, one.options, "same") for one in files]
    with (
        pytest.raises(InputError, match=r"shop\.csv and news\.csv both have the record id '7'"),
        open_mapped_files(named, PEOPLE, tmp_path),
    ):
        pass


@pytest.mark.parametrize(
    ("order", "born"), [(None, "3.4.1985"), ("dmy", "1985-04-03"), ("mdy", "1985-03-04")]
)
def test_dates_of_birth_are_read_in_the_order_of_the_mapping(
    tmp_path: Path, order: str | None, born: str
) -> None:
    (file,) = read(tmp_path, shop=SHOP)
    ordered = InputFile(file.path, mapping(date_order=order) if order else MAPPING, file.options)
    with open_mapped_files([ordered], PEOPLE, tmp_path) as mapped:
        rows = mapped.connection.execute("select date_of_birth from mapped").fetchall()
    assert rows == [(born,), ("1985-04-03",)]


def test_hints_say_what_would_help_most(tmp_path: Path) -> None:
    (file,) = read(tmp_path, shop=SHOP)
    with open_mapped_files([file], PEOPLE, tmp_path) as mapped:
        shares = filled_shares(mapped.connection, "person")
    assert {kind for kind, share in shares.items() if share} == {
        *("e-mail address", "name", "date of birth"),
    }
    (hint,) = evidence_hints(shares)
    assert hint == (
        "What would help most: phone number (hardly any row has one) and street address "
        "(hardly any row has one)."
    )
    only_names = dict.fromkeys(shares, 0.0) | {"name": 1.0}
    assert next(evidence_hints(only_names)).startswith("Only the name says who a record is.")
    assert next(evidence_hints(dict.fromkeys(shares, 0.0))).startswith("No column says")
    assert list(evidence_hints(dict.fromkeys(shares, 1.0))) == []


def test_rows_without_ids_keep_their_numbers_from_file_to_file(tmp_path: Path) -> None:
    numbered = mapping(record_id="auto")
    numbers = tmp_path / "numbers.parquet"

    def numbers_of(text: str, earlier: Path | None) -> list[tuple[str, str]]:
        (tmp_path / "list.csv").write_text(f"id;name;mail;born\n{text}", encoding="utf-8")
        given = [InputFile(tmp_path / "list.csv", numbered, FileOptions())]
        with open_mapped_files(given, PEOPLE, tmp_path) as mapped:
            if earlier is not None:
                keep_numbers(mapped.connection, PEOPLE, [0], earlier)
            path = tmp_path / "next.parquet"
            write_numbers(mapped.connection, PEOPLE, [0], earlier, path)
            found = mapped.connection.execute(
                "select full_name, record_id from mapped order by position"
            ).fetchall()
        (tmp_path / "file.duckdb").unlink()
        (tmp_path / "next.parquet").rename(numbers)
        return found

    ann, bob, eve = ";Ann;a@x.de;\n", ";Bob;b@x.de;\n", ";Eve;;\n"
    assert numbers_of(ann + bob + ann, None) == [("Ann", "2"), ("Bob", "3"), ("Ann", "4")]
    # Bob is gone and Eve is new; of the two rows that say the same, one is left.
    assert numbers_of(eve + ann, numbers) == [("Eve", "5"), ("Ann", "2")]
    # Bob is back, and so is the other Ann; nobody has a number that another one has had.
    assert numbers_of(ann + bob + eve + ann + ";Zoe;;\n", numbers) == [
        *(("Ann", "2"), ("Bob", "3"), ("Eve", "5"), ("Ann", "4"), ("Zoe", "6")),
    ]


def test_without_tables_there_is_nothing_to_go_on_from(tmp_path: Path) -> None:
    files = (InputFile(tmp_path / "a.csv", MAPPING, FileOptions()),)
    out = tmp_path / "out"
    for request in (
        ResolveRequest(files, out, previous=tmp_path),
        ResolveRequest(files, out, answers=tmp_path / "review.csv"),
    ):
        with pytest.raises(InputError, match="keeps neither ids nor decisions"):
            History(request, NOW)
    numbered = (InputFile(tmp_path / "a.csv", mapping(record_id="auto"), FileOptions()),)
    (tmp_path / "a.csv").write_text("name;mail;born\nAnn;;\n", encoding="utf-8")
    request = ResolveRequest(numbered, tmp_path / "out", ("csv",), answers=tmp_path / "review.csv")
    history = History(request, NOW)
    with (
        open_mapped_files(history.files, PEOPLE, tmp_path) as mapped,
        pytest.raises(InputError, match="other numbers in another file"),
    ):
        history.read_answers(mapped)
