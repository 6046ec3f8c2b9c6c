"""Retention on the local warehouse: what is wanted is shown, and holds when it was applied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from google.cloud.bigquery import SchemaField, Table, TimePartitioning

from orchestrator.backup.retention import Rule, apply_rule, left_alone, retention_rules
from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.load.load_ledger import ensure_ledger
from orchestrator.run_log.load import ensure_run_log
from orchestrator.settings.groups import RetentionSettings
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

RAW = "concord-local.kept_raw_files"
CONNECTOR = "concord-local.kept_raw_gmail"
DAYS_OLD = "timestamp_sub(current_timestamp(), interval days day)"


@pytest.fixture
def warehouse(connection: Connection) -> Connection:
    """Return a warehouse with raw sources of its own, tables of others beside, and a run log."""
    settings = connection.settings.with_changes(
        dataset="kept",
        raw_prefix="kept_",
        sources=("gmail", "files"),
        retention=RetentionSettings(raw_days=100, run_log_days=400),
    )
    opened = replace(connection, settings=settings)
    for dataset in ("kept_raw_files", "kept_raw_gmail", "kept_ops"):
        opened.client.delete_dataset(dataset, delete_contents=True, not_found_ok=True)
    declared = read_raw_tables(settings.project_dir)
    wanted = [table for table in declared.values() if table.source in settings.sources]
    # A column of the table itself: its partitions have nothing to do with the time of loading.
    ensure_dataset(opened, "kept_raw_files")
    companies = declared["files.companies"]
    _partitioned(opened, f"{RAW}.companies", "joined_on", companies.schema())
    ensure_raw_tables(opened, wanted)
    ensure_run_log(opened)
    for table in (f"{RAW}.people (record_id,", f"{CONNECTOR}.message (id,"):
        name, column = table.split(" ")
        loaded_at = "_loaded_at" if name.startswith(RAW) else "_synced_at"
        opened.query(
            f"insert into `{name}` {column} {loaded_at}) "
            f"select cast(days as string), {DAYS_OLD} from unnest([1, 99, 101, 500]) as days"
        )
    for name in ("files.people", "gmail.message"):
        ensure_ledger(opened, declared[name])
    rejected = f"{CONNECTOR}.message__rejected"
    opened.query(
        f"insert into `{rejected}` (reason, loaded_at) "
        f"select 'bad', {DAYS_OLD} from unnest([1, 200, 300, 400]) as days"
    )
    # A connector's own idea of its table, and a table that nobody here knows.
    _partitioned(opened, f"{CONNECTOR}.contacts", "created_on")
    _partitioned(opened, f"{RAW}.somebodys", "created_on")
    return opened


def _partitioned(
    connection: Connection, table_id: str, field: str, more: list[SchemaField] | None = None
) -> None:
    table = Table(table_id, schema=[*(more or []), SchemaField(field, "DATE")])
    table.time_partitioning = TimePartitioning(field=field)
    connection.client.create_table(table)


def by_target(rules: tuple[Rule, ...]) -> dict[tuple[str, str], Rule]:
    return {(rule.kind, rule.target): rule for rule in rules}


def test_rules_say_what_holds_and_what_is_wanted(warehouse: Connection) -> None:
    rules = by_target(retention_rules(warehouse, {}))
    people = rules["rows", f"{RAW}.people"]
    assert (people.column, people.old_rows, people.is_done) == ("_loaded_at", 2, False)
    assert "2 rows with _loaded_at older than 100 days" in str(people)
    assert rules["rows", f"{CONNECTOR}.message__rejected"].old_rows == 3
    runs = rules["partitions", "concord-local.kept_ops.pipeline_runs"]
    assert (runs.days, runs.now, runs.column) == (400, "for ever", "started_at")
    assert "partitions by started_at kept for ever, wanted 400 days" in str(runs)


def test_only_own_tables_are_touched_and_only_by_the_time_of_loading(
    warehouse: Connection,
) -> None:
    targets = {rule.target.rpartition(".")[2]: rule for rule in retention_rules(warehouse, {})}
    assert set(targets) == {
        "people",
        "people__rejected",
        "people__unusable_values",
        "companies",
        "message__rejected",
        "message__unusable_values",
        "pipeline_runs",
        "node_results",
    }
    assert (targets["companies"].kind, targets["companies"].column) == ("rows", "_loaded_at")
    assert left_alone(warehouse.settings) == ("gmail.message", "gmail.message_participant")


def test_applied_rules_hold(warehouse: Connection) -> None:
    deleted = sum(apply_rule(warehouse, rule) for rule in retention_rules(warehouse, {}))
    assert deleted == 5
    assert all(rule.is_done for rule in retention_rules(warehouse, {}))
    left = [row["record_id"] for row in warehouse.query(f"select * from `{RAW}.people`")]
    assert sorted(left) == ["1", "99"]
    runs = warehouse.client.get_table("concord-local.kept_ops.pipeline_runs")
    assert runs.time_partitioning.field == "started_at"
    assert int(runs.time_partitioning.expiration_ms) == 400 * 24 * 3600 * 1000
    # The table itself must not expire.
    assert runs.expires is None
    # Nothing of others expires, nor do tables that they will make.
    kept = [row["id"] for row in warehouse.query(f"select * from `{CONNECTOR}.message`")]
    assert len(kept) == 4
    for name in (f"{CONNECTOR}.contacts", f"{RAW}.somebodys", f"{RAW}.companies"):
        assert warehouse.client.get_table(name).time_partitioning.expiration_ms is None
    for name in (RAW, CONNECTOR):
        assert warehouse.client.get_dataset(name).default_partition_expiration_ms is None


def test_without_settings_nothing_is_asked_for(warehouse: Connection) -> None:
    settings = warehouse.settings.with_changes(retention=RetentionSettings())
    assert retention_rules(replace(warehouse, settings=settings), {}) == ()


def test_tables_that_are_not_there_have_no_rules(warehouse: Connection) -> None:
    settings = warehouse.settings.with_changes(dataset="nobodys", raw_prefix="nobodys_")
    assert retention_rules(replace(warehouse, settings=settings), {}) == ()
    ensure_dataset(warehouse, "nobodys_raw_files")
    assert retention_rules(replace(warehouse, settings=settings), {}) == ()
