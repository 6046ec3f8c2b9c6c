"""Who is forgotten stands nowhere any more: every column of every source had a mark."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from orchestrator.bigquery.connect import Connection, private_local_warehouse
from orchestrator.cli import execute
from orchestrator.dbt.runner import DbtRunner
from orchestrator.load.load_ledger import REJECTED_SUFFIX, ensure_ledger
from orchestrator.run_log.load import ensure_run_log
from orchestrator.settings.values import Settings
from orchestrator.sources.own_tables import DECISIONS, ENTITY_LEDGER, FREQUENCIES, ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.row_counts import accepted_counts, note_row_counts
from orchestrator.sources.source_schemas import read_raw_tables
from tests.integration.conftest import export_warehouse
from tests.project_copy import copy_project, share_translations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.sources.source_schemas import Column, RawTable

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.no_cover]

MARK: Final = "Zzmarka"
EMAIL: Final = f"{MARK.lower()}@{MARK.lower()}-mail.example"
PHONE: Final = "+14155550167"
CONTACT: Final = f"003{MARK}00001"
OTHER: Final = "bea.brown@brown.example"
# What a column must hold so that its row is read; every other text is the mark.
FIXED: Final[dict[str, dict[str, Any]]] = {
    "salesforce.contact": {"id": CONTACT, "master_record_id": None},
    "salesforce.lead": {"id": f"00Q{MARK}00001", "master_record_id": None},
    "salesforce.task": {"id": f"00T{MARK}00001", "who_id": CONTACT, "status": "Completed"},
    "salesforce.email_message": {"id": f"02s{MARK}00001", "related_to_id": CONTACT},
    "hubspot.contact": {"id": 7001, "property_associatedcompanyid": None},
    "gmail.message": {"id": f"{MARK}-m1", "mailbox": f"{MARK}@ours.example"},
    "gmail.message_participant": {"message_id": f"{MARK}-m1", "role": "from", "position": 0},
    "dialpad.call": {"call_id": f"{MARK}-c1", "direction": "inbound", "duration_ms": 60000},
    "files.people": {"record_id": f"{MARK}-1", "source_system": None},
}  # fmt: skip
KEPT: Final = {
    "hubspot.contact": {
        "id": 7002,
        "property_firstname": "Bea",
        "property_lastname": "Brown",
        "property_email": OTHER,
    },
}
# A message to both: it stays, for the other took part, and says nothing any more.
SHARED: Final = {
    "id": "02sSHARED000001",
    "incoming": False,
    "subject": f"{MARK} and Bea",
    "from_name": MARK,
    "from_address": "me@ours.example",
    "to_address": f"{OTHER}; {EMAIL}",
    "message_date": "2026-01-05 00:00:00",
}


def marked(table: RawTable) -> dict[str, Any]:
    """Return a row in which every column that holds text holds the mark."""
    return {column.name: _marked(column) for column in table.columns} | FIXED[table.full_name]


def _marked(column: Column) -> Any:  # noqa: ANN401 - whatever the column holds
    name = column.name.lower()
    if column.data_type == "TIMESTAMP":
        return "2026-01-05 00:00:00"
    if column.data_type not in {"STRING", "ARRAY<STRING>"}:
        return [] if column.is_array else None
    value = MARK
    if "email" in name or name in {"address", "from_address", "to_address"}:
        value = EMAIL
    elif "phone" in name or name == "external_number":
        value = PHONE
    elif name in {"birthdate", "date_of_birth", "property_date_of_birth"}:
        value = "1970-02-03"
    return [value] if column.is_array else value


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Return a warehouse with the marked person and another one, everything built."""
    folder = tmp_path_factory.mktemp("forget")
    project = folder / "project"
    project.mkdir()
    copy_project(project)
    share_translations(project)
    settings = Settings(project_dir=project, sources=())
    with private_local_warehouse(settings, folder / "warehouse", "1GB") as connection:
        tables = read_raw_tables(project)
        ensure_raw_tables(connection, tables.values())
        ensure_own_tables(connection)
        ensure_run_log(connection)
        for name, table in tables.items():
            rows = [marked(table)] if name in FIXED else []
            rows += [KEPT[name]] if name in KEPT else []
            rows += [SHARED] if name == "salesforce.email_message" else []
            add(connection, table, rows)
        build(connection, folder)
        keep(connection, tables["files.people"])
        yield connection


def add(connection: Connection, table: RawTable, rows: list[dict[str, Any]]) -> None:
    """Load rows into a raw table."""
    from google.cloud.bigquery import LoadJobConfig

    if rows:
        config = LoadJobConfig(schema=table.schema())
        target = connection.table_id(connection.settings.raw_dataset(table.source), table.name)
        connection.client.load_table_from_json(rows, target, job_config=config).result()


def build(connection: Connection, folder: Path) -> None:
    """Build all models without their tests."""
    runner = DbtRunner(connection.settings, folder / "dbt")
    kinds = ("test", "unit_test", "snapshot")
    left_out = [part for kind in kinds for part in ("--exclude-resource-type", kind)]
    answer = runner.invoke("build", *left_out)
    assert answer.is_success, f"{answer.problem} {answer.target_path}"


def keep(connection: Connection, people: RawTable) -> None:
    """Leave the person in the tables that no build replaces."""
    ops, dataset = connection.settings.ops_dataset, connection.settings.dataset
    connection.query(
        f"""
        insert into `{ops}.{ENTITY_LEDGER}` (run_id, entity, record_id, entity_id, event)
        select 'run', 'person', record_id, person_id, 'born'
        from `{dataset}_entities.person_assignments`
        """
    )
    connection.query(
        f"""
        insert into `{ops}.{DECISIONS}` (entity, left_id, right_id, verdict, reason)
        values ('person', 'files:people:files:{MARK}-1', 'hubspot:contact:7002', 'same', '{MARK}')
        """
    )
    connection.query(
        f"""
        insert into `{ops}.{FREQUENCIES}` (model_version, entity, attribute, value, frequency)
        select 'v1', 'person', attribute, value, frequency
        from `{dataset}_matching.int_person_term_frequencies`
        """
    )
    ensure_ledger(connection, people)
    connection.query(
        f"insert into `raw_files.people{REJECTED_SUFFIX}` (file_name, raw_line) "
        f"values ('people.csv', '{MARK}-1,Doe,{EMAIL}')"
    )


def marked_tables(connection: Connection) -> dict[str, int]:
    """Return every table of the warehouse in which the mark stands, with the rows."""
    found = {}
    for dataset in connection.client.list_datasets():
        for table in connection.client.list_tables(dataset.dataset_id):
            sql = f"""
                select count(*) as n
                from `{table.reference}` as t
                where regexp_contains(to_json_string(t), r'(?i){MARK}|4155550167')
            """
            rows = next(iter(connection.query(sql)))["n"]
            if rows:
                found[f"{dataset.dataset_id}.{table.table_id}"] = rows
    return found


def test_who_is_forgotten_stands_nowhere(
    built: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(built.settings.project_dir))
    export_warehouse(monkeypatch, built.settings)
    counts = {"salesforce.contact": 1, "hubspot.contact": 2, "gmail.message": 5}
    note_row_counts(built, "run", datetime(2026, 1, 5, tzinfo=UTC), counts)
    before = marked_tables(built)
    ours = {f"raw_{name}" for name in FIXED} | {
        "concord_ops.entity_ledger",
        "concord_ops.decisions",
    }
    assert ours <= set(before)

    assert execute(["forget", EMAIL, "--dry-run", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    assert planned["records"] >= len({"contact", "lead", "hubspot", "gmail", "dialpad", "file"})
    assert marked_tables(built) == before

    assert execute(["forget", EMAIL, "--yes", "--no-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["is_removed"]
    assert told["rows_left"] == {}
    build(built, tmp_path)
    assert marked_tables(built) == {}

    # The other person, and what both had part in, are there.
    dataset = built.settings.dataset
    (other,) = built.query(f"select * from `{dataset}_marts.dim_persons`")
    assert other["primary_email"] == OTHER
    (message,) = built.query("select * from `raw_salesforce.email_message`")
    assert (message["subject"], message["from_name"]) == (None, None)
    assert message["to_address"].startswith(OTHER)

    # The next run does not ask where the rows are.
    assert accepted_counts(built) == {
        "salesforce.contact": 0,
        "hubspot.contact": 1,
        "gmail.message": 4,
    }
    (noted,) = built.query(f"select * from `{built.settings.ops_dataset}.forgotten`")
    assert noted["n_records"] == planned["records"]
    assert noted["n_rows"] > len(FIXED)
    assert execute(["forget", EMAIL, "--yes"]) == 2
    assert "nobody is known by" in capsys.readouterr().err


def test_an_address_of_two_persons_names_neither(
    built: Connection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(built.settings.project_dir))
    export_warehouse(monkeypatch, built.settings)
    built.query(
        f"insert into `{built.settings.dataset}_entities.person_assignments` (record_id, person_id)"
        " select record_id, 'per_another' from"
        f" `{built.settings.dataset}_entities.person_assignments`"
    )
    assert execute(["forget", OTHER, "--dry-run"]) == 2
    assert "belongs to 2 persons" in capsys.readouterr().err
