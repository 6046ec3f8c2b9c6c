"""How long data are kept: expiry of partitions where there are any, deletion of rows elsewhere.

A table as a whole never gets an expiry: it would take the new rows with the old ones. A setting
that is empty changes nothing, also no expiry that somebody has set before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from orchestrator.loading.load_ledger import REJECTED_SUFFIX
from orchestrator.loading.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.cloud.bigquery import Table

    from orchestrator.artifacts import ManifestNode
    from orchestrator.warehouse_client import Connection

DAY_MS: Final = 24 * 60 * 60 * 1000
# A row of a dbt snapshot is over when another row has followed it.
ENDED: Final = "dbt_valid_to"
REJECTED_AT: Final = "loaded_at"

Kind = Literal["new tables", "partitions", "rows"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to set or to delete. `column` is the age of a row; `now` is what holds today."""

    kind: Kind
    target: str
    days: int
    column: str = ""
    now: str = ""
    old_rows: int = 0

    @property
    def is_done(self) -> bool:
        """Say whether nothing is left to do."""
        return not self.old_rows if self.kind == "rows" else self.now == f"{self.days} days"


def retention_rules(
    connection: Connection, manifest: Mapping[str, ManifestNode]
) -> tuple[Rule, ...]:
    """Return what the settings ask for, and how far the warehouse is from it."""
    settings = connection.settings
    keep = settings.retention
    rules: list[Rule] = []
    if keep.raw_days:
        declared = read_raw_tables(settings.project_dir).values()
        wanted = [table for table in declared if table.source in settings.sources]
        ages: dict[str, dict[str, str]] = {}
        for table in wanted:
            of_dataset = ages.setdefault(table.dataset(settings.raw_prefix), {})
            of_dataset[table.name] = table.loaded_at or ""
            # Rejected lines are raw data too, with all that is personal in them.
            of_dataset[table.name + REJECTED_SUFFIX] = REJECTED_AT
        for dataset, columns in sorted(ages.items()):
            rules += _dataset_rules(connection, dataset, keep.raw_days, columns)
    if keep.run_log_days:
        rules += _dataset_rules(connection, settings.ops_dataset, keep.run_log_days, {})
    if keep.history_days:
        for node in manifest.values():
            if node.resource_type == "snapshot" and node.relation:
                rules += _row_rules(connection, node.table, keep.history_days, ENDED)
    return tuple(rules)


def apply_rule(connection: Connection, rule: Rule) -> int:
    """Do what a rule says; return the rows that were deleted."""
    client = connection.client
    if rule.kind == "new tables":
        dataset = client.get_dataset(rule.target)
        dataset.default_partition_expiration_ms = rule.days * DAY_MS
        client.update_dataset(dataset, ["default_partition_expiration_ms"])
    elif rule.kind == "partitions":
        table = client.get_table(rule.target)
        partitions = table.time_partitioning
        partitions.expiration_ms = rule.days * DAY_MS
        table.time_partitioning = partitions
        client.update_table(table, ["time_partitioning"])
    else:
        connection.query(f"delete from `{rule.target}` where {_is_old(rule.column, rule.days)}")
        return rule.old_rows
    return 0


def _dataset_rules(
    connection: Connection, dataset: str, days: int, ages: Mapping[str, str]
) -> Iterator[Rule]:
    from google.api_core.exceptions import NotFound

    dataset_id = f"{connection.settings.project}.{dataset}"
    try:
        default = connection.client.get_dataset(dataset_id).default_partition_expiration_ms
    except NotFound:
        return
    yield Rule("new tables", dataset_id, days, now=_days(default))
    for item in connection.client.list_tables(dataset_id):
        if item.table_type != "TABLE":
            continue
        table = connection.client.get_table(item.reference)
        if table.time_partitioning is not None:
            yield _partition_rule(table, days)
        elif ages.get(item.table_id):
            # Only declared tables have a column whose meaning is known.
            table_id = f"{dataset_id}.{item.table_id}"
            yield from _row_rules(connection, table_id, days, ages[item.table_id])


def _partition_rule(table: Table, days: int) -> Rule:
    partitions: Any = table.time_partitioning
    table_id = f"{table.project}.{table.dataset_id}.{table.table_id}"
    return Rule(
        "partitions", table_id, days, partitions.field or "", _days(partitions.expiration_ms)
    )


def _row_rules(connection: Connection, table_id: str, days: int, column: str) -> Iterator[Rule]:
    from google.api_core.exceptions import NotFound

    try:
        sql = f"select count(*) as n from `{table_id}` where {_is_old(column, days)}"
        old_rows = int(next(iter(connection.query(sql)))["n"])
    except NotFound:
        return
    yield Rule("rows", table_id, days, column, old_rows=old_rows)


def _is_old(column: str, days: int) -> str:
    return f"{column} < timestamp_sub(current_timestamp(), interval {days} day)"


def _days(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "for ever"
    return f"{int(milliseconds) / DAY_MS:g} days"
