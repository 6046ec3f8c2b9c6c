"""`concord load` into a private warehouse."""

from __future__ import annotations

import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from orchestrator.cli import execute
from orchestrator.commands.load import _result_text
from orchestrator.errors import InputError
from orchestrator.load import load_file as load_module
from orchestrator.load.load_file import LoadResult, load_file
from orchestrator.load.load_ledger import LEDGER_COLUMNS, ensure_ledger
from orchestrator.load.publish_load import publish_load
from orchestrator.reading.file_options import FileOptions
from orchestrator.reading.text_files import content_hash
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import RawTable, read_raw_tables
from tests.integration.conftest import export_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration
# Small files with a bad row lose a large share.
TOLERANT = FileOptions(max_rejected=1, ignore_columns=True)


@pytest.fixture(scope="session")
def tables(mini_project: Path) -> dict[str, RawTable]:
    """Return the declared raw tables."""
    return read_raw_tables(mini_project)


@pytest.fixture(autouse=True)
def _empty_tables(connection: Connection) -> None:
    for dataset in connection.client.list_datasets():
        connection.client.delete_dataset(dataset.reference, delete_contents=True)


def rows_of(connection: Connection, sql: str) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    return [dict(row.items()) for row in connection.query(sql)]


def test_good_rows_load_and_bad_rows_are_kept_with_line_and_reason(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(
        b"\xef\xbb\xbfId,last_name,_fivetran_deleted,birthdate,shoe_size\r\n"
        b"1,M\xc3\xbcller,false,1980-02-03,42\r\n"
        b"2,Latin\xe9,,,\r\n"
        b"3,too,few\r\n"
        b'4,"never closed,,,\r\n'
        b'5,"two\r\nlines",TRUE,,\r\n'
        b",no id,,,\r\n"
        b"7,x,perhaps,,\r\n"
        b"8,x,,31.12.1999,\r\n"
    )
    result = load_file(connection, tables["salesforce.contact"], path, TOLERANT)
    assert (result.rows_read, result.rows_loaded, result.rows_rejected) == (8, 4, 4)
    assert result.values_unusable == 2
    assert result.unknown_columns == ("shoe_size",)
    loaded = rows_of(
        connection,
        "select id, last_name, _fivetran_deleted as gone, cast(birthdate as string) as born, "
        "_fivetran_synced is not null as is_stamped from raw_salesforce.contact order by id",
    )
    assert loaded == [
        {"id": "1", "last_name": "Müller", "gone": False, "born": "1980-02-03", "is_stamped": True},
        {"id": "5", "last_name": "two\r\nlines", "gone": True, "born": None, "is_stamped": True},
        {"id": "7", "last_name": "x", "gone": None, "born": None, "is_stamped": True},
        {"id": "8", "last_name": "x", "gone": None, "born": None, "is_stamped": True},
    ]
    rejected = rows_of(
        connection,
        "select line_number, reason, raw_line from raw_salesforce.contact__rejected "
        "order by line_number",
    )
    assert [row["line_number"] for row in rejected] == [3, 4, 5, 8]
    assert "not in the file's encoding" in rejected[0]["reason"]
    assert rejected[1]["reason"] == "5 fields expected, 3 found"
    assert rejected[2]["raw_line"] == '4,"never closed,,,\r\n'
    assert rejected[3]["reason"] == "id is missing"
    # One bad value costs the value, not the row.
    unusable = rows_of(
        connection,
        "select line_number, column_name, reason, value "
        "from raw_salesforce.contact__unusable_values order by line_number",
    )
    assert [(row["line_number"], row["column_name"]) for row in unusable] == [
        (9, "_fivetran_deleted"),
        (10, "birthdate"),
    ]
    assert unusable[1]["reason"] == "birthdate: '31.12.1999' is not a valid DATE"
    assert unusable[1]["value"] == "31.12.1999"


def test_the_same_content_loads_once_and_again_replaces_it(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    def load(name: str, *, again: bool = False) -> LoadResult:
        path = tmp_path / name
        path.write_text("id,last_name,_fivetran_deleted\n1,A,\n2,B,\n,C,\n", encoding="utf-8")
        table = tables["salesforce.contact"]
        return load_file(connection, table, path, TOLERANT, again=again)

    assert load("a.csv").rows_loaded == 2
    assert load("renamed.csv").is_known
    assert load("a.csv", again=True).rows_loaded == 2
    counts = rows_of(
        connection,
        "select (select count(*) from raw_salesforce.contact) as loaded, "
        "(select count(*) from raw_salesforce.contact__rejected) as rejected, "
        "(select count(*) from raw_salesforce._loaded_files) as files",
    )
    assert counts == [{"loaded": 2, "rejected": 1, "files": 1}]


def test_again_leaves_rows_of_other_files_alone(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    table = tables["files.people"]
    for name in ("first", "second"):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"record_id,given_name\nshared,{name}\n", encoding="utf-8")
        load_file(connection, table, path, FileOptions())
    load_file(connection, table, tmp_path / "first.csv", FileOptions(), again=True)
    found = rows_of(
        connection, "select given_name, source_system from raw_files.people order by given_name"
    )
    assert found == [
        {"given_name": "first", "source_system": "first"},
        {"given_name": "second", "source_system": "second"},
    ]


def test_json_lines_and_parquet_keep_lists_and_structs(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    table = tables["files.people"]
    row = {
        "record_id": "j1",
        "emails": ["a@x.com", "b@x.com"],
        "identifiers": [{"type": "tax", "value": 7}],
        "updated_at": "2024-01-02T03:04:05+02:00",
    }
    with gzip.open(tmp_path / "people.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n[1]\n{bad\n\n" + json.dumps({"record_id": "j2"}) + "\n")
    result = load_file(connection, table, tmp_path / "people.jsonl.gz", TOLERANT)
    assert (result.rows_read, result.rows_loaded, result.rows_rejected) == (4, 2, 2)
    columns = {"record_id": ["p1", None], "emails": [["c@x.com"], []], "postcode": [90210.0, 1.5]}
    parquet.write_table(pa.table(columns), tmp_path / "people.parquet")
    result = load_file(connection, table, tmp_path / "people.parquet", TOLERANT)
    assert result.examples == ("row 2: record_id is missing",)
    found = rows_of(
        connection,
        "select record_id, array_to_string(emails, '|') as emails, array_length(identifiers) as "
        "identifier_count, cast(updated_at as string) as at from raw_files.people order by 1",
    )
    assert [row["record_id"] for row in found] == ["j1", "j2", "p1"]
    assert (found[0]["emails"], found[0]["identifier_count"]) == ("a@x.com|b@x.com", 1)
    assert found[0]["at"].startswith("2024-01-02 01:04:05")
    assert (found[1]["emails"], found[2]["emails"]) == ("", "c@x.com")


def test_a_failure_on_the_way_leaves_nothing_behind(
    connection: Connection,
    tables: dict[str, RawTable],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("id,last_name\n1,A\n", encoding="utf-8")

    def fail(*_: object) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(load_module, "publish_load", fail)
    with pytest.raises(ConnectionError):
        load_file(connection, tables["salesforce.contact"], path, FileOptions())
    monkeypatch.undo()
    names = {table.table_id for table in connection.client.list_tables("raw_salesforce")}
    assert names == {
        *("contact", "contact__rejected", "contact__unusable_values", "_loaded_files"),
    }
    assert rows_of(connection, "select id from raw_salesforce.contact") == []
    # Nothing was recorded either, so the next attempt loads the file.
    result = load_file(connection, tables["salesforce.contact"], path, FileOptions())
    assert result.rows_loaded == 1


def test_missing_tables_are_created_empty(
    connection: Connection, tables: dict[str, RawTable]
) -> None:
    wanted = [tables["hubspot.contact"], tables["hubspot.company"]]
    states = ensure_raw_tables(connection, wanted)
    assert [state.has_rows for state in states] == [False, False]
    columns = connection.client.get_table("raw_hubspot.contact").schema
    assert [column.name for column in columns] == [
        column.name for column in tables["hubspot.contact"].columns
    ]


def test_a_raw_table_of_an_earlier_version_gets_the_columns_that_it_lacks(
    connection: Connection, tables: dict[str, RawTable]
) -> None:
    """Such a table made every model over it fail, and with them the night."""
    table = tables["hubspot.contact"]
    late = ("property_hs_merged_object_ids", "property_zip", "is_deleted")
    kept = [column for column in table.columns if column.name not in late]
    connection.client.create_dataset("raw_hubspot")
    columns = ", ".join(f"{column.name} {column.data_type.lower()}" for column in kept)
    connection.query(f"create table raw_hubspot.contact ({columns}, own string)")
    connection.query("insert into raw_hubspot.contact (id, own) values (1, 'theirs')")
    [state] = ensure_raw_tables(connection, [table])
    assert state.has_rows
    found = rows_of(connection, f"select own, {table.columns_sql} from raw_hubspot.contact")
    assert [(row["id"], row["own"], *(row[name] for name in late)) for row in found] == [
        (1, "theirs", None, None, None)
    ]
    # What dbt and a load write into the table reaches the new columns.
    connection.query("insert into raw_hubspot.contact (id, property_zip) values (2, '8001')")
    ensure_raw_tables(connection, [table])
    zips = rows_of(connection, "select property_zip from raw_hubspot.contact where id = 2")
    assert zips == [{"property_zip": "8001"}]


def test_the_command_ends_with_rows_read_loaded_and_rejected(
    connection: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = connection.settings
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(settings.project_dir))
    export_warehouse(monkeypatch, settings)
    path = tmp_path / "calls.csv"
    path.write_text("call_id,shoe\nc1,2\n,3\n", encoding="utf-8")
    assert execute(["load", "dialpad.call", str(path)]) == 2
    told = capsys.readouterr().err
    assert "has 1 columns that dialpad.call does not have" in told
    assert "shoe" in told
    options = ["--ignore-columns", "--max-rejected", "50%"]
    assert execute(["load", "dialpad.call", str(path), *options]) == 0
    text = capsys.readouterr().out
    assert "calls.csv: 2 rows read, 1 loaded, 1 rejected" in text
    assert "not in dialpad.call, left out: shoe" in text
    assert execute(["load", "dialpad.call", str(path), *options]) == 0
    assert "loaded before" in capsys.readouterr().out
    path.write_text('call_id,talk\n"",1\n', encoding="utf-8")
    assert execute(["load", "dialpad.call", str(path), "--ignore-columns"]) == 2
    assert "nothing was loaded" in capsys.readouterr().err
    options = ["--ignore-columns", "--max-rejected", "100%"]
    assert execute(["load", "dialpad.call", str(path), *options]) == 1
    assert "nothing was loaded" in capsys.readouterr().out


def test_a_file_that_would_load_half_loads_nothing_and_then_all(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    """A file in another encoding is refused as a whole, and loads with the right one."""
    table = tables["files.people"]
    path = tmp_path / "people.csv"
    path.write_bytes("record_id,given_name\n1,Zoë\n2,Ann\n3,René\n4,Bo\n".encode("cp1252"))
    with pytest.raises(InputError, match="2 of 4 rows of people") as caught:
        load_file(connection, table, path, FileOptions())
    assert "--encoding cp1252" in caught.value.what_to_do
    assert rows_of(connection, "select 1 from raw_files.people") == []
    assert rows_of(connection, "select 1 from raw_files.people__rejected") == []
    assert load_file(connection, table, path, TOLERANT).rows_loaded == 2
    assert load_file(connection, table, path, TOLERANT).is_known
    # The same file, read in another way, replaces what it had loaded.
    result = load_file(connection, table, path, FileOptions("cp1252"))
    assert (result.rows_loaded, result.rows_rejected, result.is_known) == (4, 0, False)
    names = rows_of(connection, "select given_name from raw_files.people order by record_id")
    assert [row["given_name"] for row in names] == ["Zoë", "Ann", "René", "Bo"]
    assert rows_of(connection, "select 1 from raw_files.people__rejected") == []
    ledger = rows_of(
        connection, "select rows_read, rows_loaded, options from raw_files._loaded_files"
    )
    assert ledger == [
        {"rows_read": 4, "rows_loaded": 4, "options": "encoding cp1252, delimiter None"}
    ]


def test_two_loads_of_one_file_at_once_load_it_once(
    connection: Connection,
    tables: dict[str, RawTable],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both have read the file before either publishes it: the second one finds it done."""
    table = tables["files.people"]
    path = tmp_path / "people.csv"
    path.write_text("record_id,given_name\n1,Ann\n2,Bo\n", encoding="utf-8")
    ensure_raw_tables(connection, [table])
    real = publish_load
    inside: list[LoadResult] = []

    def publish_second(*arguments: Any) -> bool:  # noqa: ANN401
        # The other command comes in here, with all its steps.
        monkeypatch.setattr(load_module, "publish_load", real)
        inside.append(load_file(connection, table, path, FileOptions()))
        return real(*arguments)

    monkeypatch.setattr(load_module, "publish_load", publish_second)
    outside = load_file(connection, table, path, FileOptions())
    assert (inside[0].rows_loaded, outside.is_known) == (2, True)
    counts = "select count(*) as n from raw_files.{}"
    for name, n in {"people": 2, "_loaded_files": 1}.items():
        assert rows_of(connection, counts.format(name)) == [{"n": n}]


def test_loads_of_one_file_from_many_threads_load_it_once(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    table = tables["salesforce.contact"]
    path = tmp_path / "contacts.csv"
    path.write_text("id,last_name\n1,Ann\n2,Bo\n", encoding="utf-8")
    ensure_raw_tables(connection, [table])
    ensure_ledger(connection, table)
    start = threading.Barrier(3)

    def load() -> int | str:
        start.wait()
        try:
            return load_file(connection, table, path, FileOptions()).rows_loaded
        except Exception as error:  # noqa: BLE001 - the warehouse stops one of two transactions
            return str(error)

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: load(), range(3)))
    assert done.count(2) == 1, done
    ids = rows_of(connection, "select id from raw_salesforce.contact order by id")
    assert [row["id"] for row in ids] == ["1", "2"]
    entries = rows_of(connection, "select rows_loaded from raw_salesforce._loaded_files")
    assert entries == [{"rows_loaded": 2}]


def test_a_ledger_of_an_earlier_version_is_brought_up_to_date(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    """What it records without a loss is known; what it records with rejected rows may be redone."""
    table = tables["files.people"]
    ensure_raw_tables(connection, [table])
    columns = ", ".join(f"{name} {LEDGER_COLUMNS[name]}" for name in list(LEDGER_COLUMNS)[:7])
    connection.query(f"create table raw_files._loaded_files ({columns})")
    for name, rejected in {"whole": 0, "part": 1}.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(f"record_id,given_name\n1,{name}\n", encoding="utf-8")
        connection.query(
            "insert into raw_files._loaded_files values "
            f"('people', '{name}', '{content_hash(path)}', 2, 1, {rejected}, current_timestamp())"
        )
    assert load_file(connection, table, tmp_path / "whole.csv", FileOptions()).is_known
    assert load_file(connection, table, tmp_path / "part.csv", FileOptions()).rows_loaded == 1
    entries = rows_of(connection, "select rows_rejected from raw_files._loaded_files")
    assert entries == [{"rows_rejected": 0}] * 2


def test_headers_of_exports_are_found_in_any_spelling(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        '"ID","FIRSTNAME","LASTNAME","ACCOUNTID","E-MAIL"\n"003A","Ann","Lee","001B","a@x.example"\n',
        encoding="utf-8",
    )
    result = load_file(connection, tables["salesforce.contact"], path, FileOptions())
    assert result.unknown_columns == ()
    loaded = rows_of(
        connection,
        "select id, first_name, last_name, account_id, email from raw_salesforce.contact",
    )
    assert loaded == [
        {
            "id": "003A",
            "first_name": "Ann",
            "last_name": "Lee",
            "account_id": "001B",
            "email": "a@x.example",
        }
    ]


def test_ids_that_another_file_has_are_told(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    """Rows of one source system are versions of one record; those of two systems never are."""
    files = {
        "shop.csv": "record_id,given_name\n7,Anna\n8,Ben\n",
        "news.csv": "record_id,given_name\n7,Bert\n",
        "shop.2.csv": "record_id,given_name\n 7,Anna\n9,Cleo\n",
        "old.csv": "record_id,source_system\n8,shop\n7,shop\n",
    }
    told = []
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        result = load_file(connection, tables["files.people"], tmp_path / name, FileOptions())
        told.append(result.shared_ids)
    assert told == [(), (), (("shop.csv", 1),), (("shop.csv", 2), ("shop.2.csv", 1))]
    assert load_text(told[-1]).splitlines()[1].startswith("  2 ids are also in shop.csv")
    again = load_file(
        connection, tables["files.people"], tmp_path / "news.csv", FileOptions(), again=True
    )
    assert again.shared_ids == ()


def test_rows_of_connectors_are_never_told_to_share_ids(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"id,last_name\n1,{name}\n", encoding="utf-8")
        result = load_file(connection, tables["salesforce.lead"], tmp_path / name, FileOptions())
        assert result.shared_ids == ()


def load_text(shared_ids: tuple[tuple[str, int], ...]) -> str:
    result = LoadResult("old.csv", 2, 2, 0, shared_ids=shared_ids)
    return _result_text(result, "files.people")


MAPPING = """
entity: person
record_id: Nr
columns: {full_name: Name, emails: Mail, date_of_birth: Geburt}
date_order: dmy
"""


@pytest.fixture
def shop(tmp_path: Path, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write files with columns of their own, and let commands find the warehouse."""
    export_warehouse(monkeypatch, connection.settings)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(connection.settings.project_dir))
    (tmp_path / "map.yml").write_text(MAPPING, encoding="utf-8")
    rows = ["1;Ann Lee;ann@x.de|ann@y.de;3.4.1980", "2;Bob Ray;;", ";No Id;;", "4;too;few"]
    for name, kept in (("november", rows), ("december", [*rows[:1], "3;Eve May;;"])):
        text = "\n".join(["Nr;Name;Mail;Geburt", *kept, ""])
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def people(connection: Connection) -> list[tuple[str | None, ...]]:
    """Return what the table of people holds."""
    sql = (
        "select source_system, record_id, full_name from raw_files.people "
        "order by source_system, record_id"
    )
    return [tuple(row.values()) for row in rows_of(connection, sql)]


def test_a_file_of_any_columns_is_loaded_through_a_mapping(
    shop: Path, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["load", "files.people", str(shop / "november.csv"), "--map", str(shop / "map.yml")]
    assert execute([*command, "--max-rejected", "60%"]) == 0
    assert "4 rows read, 2 loaded, 2 rejected" in capsys.readouterr().out
    assert people(connection) == [("november", "1", "Ann Lee"), ("november", "2", "Bob Ray")]
    (row,) = rows_of(
        connection, "select emails, date_of_birth from raw_files.people where record_id = '1'"
    )
    assert (list(row["emails"]), row["date_of_birth"]) == (["ann@x.de", "ann@y.de"], "1980-04-03")
    rejected = rows_of(
        connection, "select line_number, reason from raw_files.people__rejected order by 1"
    )
    assert [(one["line_number"], one["reason"]) for one in rejected] == [
        (4, "record_id is missing"),
        (5, "4 fields expected, 3 found"),
    ]
    assert execute([*command, "--max-rejected", "60%"]) == 0
    assert "loaded before" in capsys.readouterr().out
    # Read through another mapping it is another reading, in place of the first.
    (shop / "map.yml").write_text(MAPPING.replace("full_name: Name, ", ""), encoding="utf-8")
    assert execute([*command, "--max-rejected", "60%"]) == 0
    assert people(connection) == [("november", "1", None), ("november", "2", None)]


def test_a_snapshot_takes_the_place_of_all_that_its_source_had(
    shop: Path, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "other.csv").write_text("Nr;Name;Mail;Geburt\n1;Zoe;;\n", encoding="utf-8")
    options = ["--map", str(shop / "map.yml"), "--max-rejected", "60%"]

    def load(name: str, *further: str) -> None:
        assert execute(["load", "files.people", str(shop / name), *options, *further]) == 0

    load("other.csv")
    november = [("other", "1", "Zoe"), ("shop", "1", "Ann Lee"), ("shop", "2", "Bob Ray")]
    december = [("other", "1", "Zoe"), ("shop", "1", "Ann Lee"), ("shop", "3", "Eve May")]
    load("november.csv", "--replace-source", "shop")
    assert people(connection) == november
    load("december.csv", "--replace-source", "shop")
    assert people(connection) == december
    # The older one again: its entry went with its rows, so it is not taken for known.
    load("november.csv", "--replace-source", "shop")
    assert people(connection) == november
    ledger = rows_of(connection, "select file_name from raw_files._loaded_files order by 1")
    assert [row["file_name"] for row in ledger] == ["november.csv", "other.csv"]
    assert execute(["load", "gmail.message", str(shop / "other.csv"), "--replace-source", "x"]) == 2
    assert "does not know which source a row is of" in capsys.readouterr().err


def test_files_that_are_a_source_together_replace_it_once_all_are_loaded(
    shop: Path, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = ["--map", str(shop / "map.yml"), "--replace-source", " shop "]
    (shop / "bad.csv").write_text("Nr;Name;Mail;Geburt\n;x;;\n;y;;\n", encoding="utf-8")
    both = [str(shop / "december.csv"), str(shop / "november.csv")]

    def load(*files: str, rejected: str = "60%") -> int:
        return execute(["load", "files.people", *files, *mapping, "--max-rejected", rejected])

    assert load(*both) == 0
    of_both = [("shop", "1"), ("shop", "1"), ("shop", "2"), ("shop", "3")]
    assert [row[:2] for row in people(connection)] == of_both
    # The second file is refused: nothing of the source is gone.
    (shop / "new.csv").write_text("Nr;Name;Mail;Geburt\n9;New;;\n", encoding="utf-8")
    assert load(str(shop / "new.csv"), str(shop / "bad.csv"), rejected="10%") != 0
    assert [row[:2] for row in people(connection)] == [*of_both, ("shop", "9")]
    # One of them alone, known as it is: what the others brought goes all the same.
    capsys.readouterr()
    assert load(both[0]) == 0
    assert "3 rows of shop that other files had brought are gone" in capsys.readouterr().out
    assert [row[:2] for row in people(connection)] == [("shop", "1"), ("shop", "3")]
    assert execute(["load", "files.people", *both, *mapping[:2], "--replace-source", " "]) == 2


def test_a_promise_about_a_source_is_loaded_too(shop: Path, connection: Connection) -> None:
    promised = f"{MAPPING}duplicate_free_sources: [register]\n"
    (shop / "map.yml").write_text(promised, encoding="utf-8")
    (shop / "december.csv").rename(shop / "register.csv")
    command = ["load", "files.people", str(shop / "register.csv"), "--map", str(shop / "map.yml")]
    assert execute(command) == 0
    rows = rows_of(connection, "select is_source_duplicate_free as free from raw_files.people")
    assert [row["free"] for row in rows] == [True, True]


def test_times_of_a_mapped_file_are_judged_as_those_of_any_other(
    shop: Path, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "map.yml").write_text(
        "entity: person\nrecord_id: Nr\ncolumns: {full_name: Name, updated_at: At}\n",
        encoding="utf-8",
    )
    (shop / "f.csv").write_text(
        "Nr;Name;At\n1;A;1735689600\n2;B;2025-12-31T10:00:00+02:00\n3;C;soon\n", encoding="utf-8"
    )
    command = ["load", "files.people", str(shop / "f.csv"), "--map", str(shop / "map.yml")]
    assert execute([*command, "--max-rejected", "100%"]) == 0
    assert "1 values left out" in capsys.readouterr().out
    rows = rows_of(connection, "select updated_at from raw_files.people order by record_id")
    assert [row["updated_at"] and f"{row['updated_at']:%Y-%m-%d %H:%M}" for row in rows] == [
        *("2025-01-01 00:00", "2025-12-31 08:00"),
        None,
    ]


def test_a_file_is_taken_back(
    shop: Path, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--map", str(shop / "map.yml"), "--max-rejected", "60%"]
    for name in ("november.csv", "december.csv"):
        assert execute(["load", "files.people", str(shop / name), *options]) == 0
    assert execute(["unload", "files.people", str(shop / "november.csv")]) == 0
    assert "november.csv: 2 rows removed from files.people" in capsys.readouterr().out
    assert [row[:2] for row in people(connection)] == [("december", "1"), ("december", "3")]
    assert rows_of(connection, "select * from raw_files.people__rejected") == []
    assert execute(["unload", "files.people", str(shop / "november.csv")]) == 2
    assert "has not been loaded" in capsys.readouterr().err
    # Known by its name when it is not there any more; and it can be loaded again.
    (shop / "december.csv").rename(shop / "moved.csv")
    assert execute(["unload", "files.people", "december.csv", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"file_name": "december.csv", "rows_removed": 2}]
    assert people(connection) == []
    assert execute(["load", "files.people", str(shop / "moved.csv"), *options]) == 0
    # A name that several files had says not which is meant.
    (shop / "more").mkdir()
    (shop / "november.csv").rename(shop / "more" / "moved.csv")
    assert execute(["load", "files.people", str(shop / "more" / "moved.csv"), *options]) == 0
    capsys.readouterr()
    assert execute(["unload", "files.people", str(shop / "mistyped" / "moved.csv")]) == 2
    assert "2 files of that name have been loaded" in capsys.readouterr().err
    assert len(people(connection)) == 4
    assert execute(["unload", "gmail.message", "x.csv"]) == 2


def test_a_mapping_for_another_table_or_another_region_is_refused(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["load", "files.companies", str(shop / "november.csv")]
    assert execute([*command, "--map", str(shop / "map.yml")]) == 2
    assert "map.yml is for files.people, not for files.companies" in capsys.readouterr().err
    (shop / "map.yml").write_text(f"{MAPPING}phone_region: DE\n", encoding="utf-8")
    command = ["load", "files.people", str(shop / "november.csv")]
    assert execute([*command, "--map", str(shop / "map.yml")]) == 2
    assert "set CONCORD_DEFAULT_PHONE_REGION" in capsys.readouterr().err
    (shop / "map.yml").write_text(MAPPING.replace("Nr", "auto"), encoding="utf-8")
    assert execute([*command, "--map", str(shop / "map.yml")]) == 2
    assert "numbers the lines" in capsys.readouterr().err
