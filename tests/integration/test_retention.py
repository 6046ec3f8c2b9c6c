"""Retention on the local warehouse: what is wanted is shown, and holds when it was applied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from orchestrator.access.ensure import ensure_dataset
from orchestrator.loading.load_ledger import ensure_ledger
from orchestrator.loading.raw_tables import ensure_raw_tables
from orchestrator.loading.source_schemas import read_raw_tables
from orchestrator.retention import Rule, apply_rule, retention_rules
from orchestrator.run_log.write import ensure_run_log
from orchestrator.setting_groups import RetentionSettings

if TYPE_CHECKING:
    from orchestrator.warehouse_client import Connection

pytestmark = pytest.mark.integration

RAW = "concord-local.kept_raw_gmail"


@pytest.fixture
def warehouse(connection: Connection) -> Connection:
    """Return a warehouse with a raw source of its own and a run log."""
    settings = connection.settings.with_changes(
        dataset="kept",
        raw_prefix="kept_",
        sources=("gmail",),
        retention=RetentionSettings(raw_days=100, run_log_days=400),
    )
    opened = replace(connection, settings=settings)
    for dataset in ("kept_raw_gmail", "kept_ops"):
        opened.client.delete_dataset(dataset, delete_contents=True, not_found_ok=True)
    declared = read_raw_tables(settings.project_dir).values()
    ensure_raw_tables(opened, [table for table in declared if table.source == "gmail"])
    ensure_run_log(opened)
    opened.query(
        f"""
        insert into `{RAW}.message` (id, _synced_at)
        select cast(days as string), timestamp_sub(current_timestamp(), interval days day)
        from unnest([1, 99, 101, 500]) as days
        """
    )
    ensure_ledger(opened, next(table for table in declared if table.full_name == "gmail.message"))
    opened.query(
        f"""
        insert into `{RAW}.message__rejected` (reason, loaded_at)
        select 'bad', timestamp_sub(current_timestamp(), interval days day)
        from unnest([1, 200, 300, 400]) as days
        """
    )
    return opened


def by_target(rules: tuple[Rule, ...]) -> dict[tuple[str, str], Rule]:
    return {(rule.kind, rule.target): rule for rule in rules}


def test_rules_say_what_holds_and_what_is_wanted(warehouse: Connection) -> None:
    rules = by_target(retention_rules(warehouse, {}))
    messages = rules["rows", f"{RAW}.message"]
    assert (messages.column, messages.old_rows, messages.is_done) == ("_synced_at", 2, False)
    assert rules["rows", f"{RAW}.message_participant"].is_done
    assert rules["rows", f"{RAW}.message__rejected"].old_rows == 3
    assert rules["new tables", RAW].now == "for ever"
    runs = rules["partitions", "concord-local.kept_ops.pipeline_runs"]
    assert (runs.days, runs.now, runs.column) == (400, "for ever", "started_at")


def test_applied_rules_hold(warehouse: Connection) -> None:
    deleted = sum(apply_rule(warehouse, rule) for rule in retention_rules(warehouse, {}))
    assert deleted == 5
    assert all(rule.is_done for rule in retention_rules(warehouse, {}))
    left = [row["id"] for row in warehouse.query(f"select * from `{RAW}.message`")]
    assert sorted(left) == ["1", "99"]
    runs = warehouse.client.get_table("concord-local.kept_ops.pipeline_runs")
    assert runs.time_partitioning.field == "started_at"
    assert int(runs.time_partitioning.expiration_ms) == 400 * 24 * 3600 * 1000
    # The table itself must not expire.
    assert runs.expires is None


def test_without_settings_nothing_is_asked_for(warehouse: Connection) -> None:
    settings = warehouse.settings.with_changes(retention=RetentionSettings())
    assert retention_rules(replace(warehouse, settings=settings), {}) == ()


def test_a_dataset_that_is_not_there_has_no_rules(warehouse: Connection) -> None:
    settings = warehouse.settings.with_changes(dataset="nobodys", raw_prefix="nobodys_")
    assert retention_rules(replace(warehouse, settings=settings), {}) == ()
    ensure_dataset(warehouse, "nobodys_raw_gmail")
    rules = retention_rules(replace(warehouse, settings=settings), {})
    assert [rule.kind for rule in rules] == ["new tables"]
