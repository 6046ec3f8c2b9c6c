"""`concord load` into a private warehouse."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from orchestrator.cli import execute
from orchestrator.commands.load import _result_text
from orchestrator.loading import load_file as load_module
from orchestrator.loading.file_options import FileOptions
from orchestrator.loading.load_file import LoadResult, load_file
from orchestrator.loading.raw_tables import ensure_raw_tables
from orchestrator.loading.source_schemas import RawTable, read_raw_tables
from tests.integration.conftest import export_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.warehouse_client import Connection

pytestmark = pytest.mark.integration


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
    result = load_file(connection, tables["salesforce.contact"], path, FileOptions())
    assert (result.rows_read, result.rows_loaded, result.rows_rejected) == (8, 2, 6)
    assert result.unknown_columns == ("shoe_size",)
    loaded = rows_of(
        connection,
        "select id, last_name, _fivetran_deleted as gone, cast(birthdate as string) as born, "
        "_fivetran_synced is not null as is_stamped from raw_salesforce.contact order by id",
    )
    assert loaded == [
        {"id": "1", "last_name": "Müller", "gone": False, "born": "1980-02-03", "is_stamped": True},
        {"id": "5", "last_name": "two\r\nlines", "gone": True, "born": None, "is_stamped": True},
    ]
    rejected = rows_of(
        connection,
        "select line_number, reason, raw_line from raw_salesforce.contact__rejected "
        "order by line_number",
    )
    assert [row["line_number"] for row in rejected] == [3, 4, 5, 8, 9, 10]
    assert "not in the file's encoding" in rejected[0]["reason"]
    assert rejected[1]["reason"] == "5 fields expected, 3 found"
    assert rejected[2]["raw_line"] == '4,"never closed,,,\r\n'
    assert rejected[3]["reason"] == "id is missing"
    assert rejected[4]["reason"] == "_fivetran_deleted: 'perhaps' is no BOOL"
    assert rejected[5]["reason"] == "birthdate: '31.12.1999' is no DATE"


def test_the_same_content_loads_once_and_again_replaces_it(
    connection: Connection, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    def load(name: str, *, again: bool = False) -> LoadResult:
        path = tmp_path / name
        path.write_text("id,last_name,_fivetran_deleted\n1,A,\n2,B,\n3,C,what\n", encoding="utf-8")
        table = tables["salesforce.contact"]
        return load_file(connection, table, path, FileOptions(), again=again)

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
    result = load_file(connection, table, tmp_path / "people.jsonl.gz", FileOptions())
    assert (result.rows_read, result.rows_loaded, result.rows_rejected) == (4, 2, 2)
    columns = {"record_id": ["p1", None], "emails": [["c@x.com"], []], "postcode": [90210.0, 1.5]}
    parquet.write_table(pa.table(columns), tmp_path / "people.parquet")
    result = load_file(connection, table, tmp_path / "people.parquet", FileOptions())
    assert result.examples == ("line 2: record_id is missing",)
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

    monkeypatch.setattr(load_module, "publish", fail)
    with pytest.raises(ConnectionError):
        load_file(connection, tables["salesforce.contact"], path, FileOptions())
    monkeypatch.undo()
    names = {table.table_id for table in connection.client.list_tables("raw_salesforce")}
    assert names == {"contact", "contact__rejected", "_loaded_files"}
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
    assert execute(["load", "dialpad.call", str(path)]) == 0
    text = capsys.readouterr().out
    assert "calls.csv: 2 rows read, 1 loaded, 1 rejected" in text
    assert "not in dialpad.call, left out: shoe" in text
    assert execute(["load", "dialpad.call", str(path)]) == 0
    assert "loaded before" in capsys.readouterr().out
    path.write_text('call_id\n""\n', encoding="utf-8")
    assert execute(["load", "dialpad.call", str(path)]) == 1
    assert "nothing was loaded" in capsys.readouterr().out


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
