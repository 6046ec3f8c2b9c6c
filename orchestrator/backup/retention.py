"""How long data are kept: expiry of partitions where there are any, deletion of rows elsewhere.

Only tables that Concord declares and fills itself are touched, and only by the column that says
when a row came: what a connector fills is the connector's, and a partition by any other date would
take a customer with it. A table as a whole never gets an expiry: it would take the new rows with
the old ones. A setting that is empty changes nothing, also no expiry that somebody has set before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from orchestrator.alerts.store import TABLE as ALERTS
from orchestrator.load.load_ledger import REJECTED_SUFFIX, UNUSABLE_SUFFIX
from orchestrator.run_log.rows import NODES, RUNS
from orchestrator.sources.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.settings.values import Settings
    from orchestrator.sources.source_schemas import RawTable

DAY_MS: Final = 24 * 60 * 60 * 1000
# A row of a dbt snapshot is over when another row has followed it.
ENDED: Final = "dbt_valid_to"
REJECTED_AT: Final = "loaded_at"
OWN_TABLES: Final = {RUNS: "started_at", NODES: "started_at", ALERTS: "happened_at"}
# Only `concord load` writes it.
OF_A_FILE: Final = "_file_hash"
# A table with partitions and no column for them has them by the time of loading.
BY_ARRIVAL: Final = "_PARTITIONTIME"

Kind = Literal["partitions", "rows"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to set or to delete. `column` is the age of a row; `now` is what holds today."""

    kind: Kind
    target: str
    days: int
    column: str
    now: str = ""
    old_rows: int = 0

    @property
    def is_done(self) -> bool:
        """Say whether nothing is left to do."""
        return not self.old_rows if self.kind == "rows" else self.now == f"{self.days} days"

    def __str__(self) -> str:
        """Say in one line what would be done, by which column."""
        if self.kind == "rows":
            what = f"{self.old_rows:,} rows with {self.column} older than {self.days} days"
        else:
            what = f"partitions by {self.column} kept {self.now}, wanted {self.days} days"
        return f"{self.target:<60} {what}{' (nothing to do)' if self.is_done else ''}"


def retention_rules(
    connection: Connection, manifest: Mapping[str, ManifestNode]
) -> tuple[Rule, ...]:
    """Return what the settings ask for, and how far the warehouse is from it."""
    settings = connection.settings
    keep = settings.retention
    rules: list[Rule] = []
    if keep.raw_days:
        for table in _raw_tables(settings):
            dataset = settings.raw_dataset(table.source)
            # Rejected lines are raw data too, with all that is personal in them.
            if is_own(table) and table.loaded_at:
                rules += _rules(connection, dataset, table.name, keep.raw_days, table.loaded_at)
            for suffix in (REJECTED_SUFFIX, UNUSABLE_SUFFIX):
                left_out = table.name + suffix
                rules += _rules(connection, dataset, left_out, keep.raw_days, REJECTED_AT)
    if keep.run_log_days:
        for name, column in OWN_TABLES.items():
            rules += _rules(connection, settings.ops_dataset, name, keep.run_log_days, column)
    if keep.history_days:
        for node in manifest.values():
            if node.resource_type == "snapshot" and node.relation:
                rules += _row_rules(connection, node.table, keep.history_days, ENDED)
    return tuple(rules)


def left_alone(settings: Settings) -> tuple[str, ...]:
    """Return the raw tables that a connector fills: how long they keep what is set there."""
    return tuple(table.full_name for table in _raw_tables(settings) if not is_own(table))


def is_own(table: RawTable) -> bool:
    """Say whether nobody but `concord load` fills a raw table."""
    return OF_A_FILE in table.column_by_name


def apply_rule(connection: Connection, rule: Rule) -> int:
    """Do what a rule says; return the rows that were deleted."""
    if rule.kind == "partitions":
        table = connection.client.get_table(rule.target)
        partitions = table.time_partitioning
        partitions.expiration_ms = rule.days * DAY_MS
        table.time_partitioning = partitions
        connection.client.update_table(table, ["time_partitioning"])
        return 0
    connection.query(f"delete from `{rule.target}` where {_is_old(rule.column, rule.days)}")
    return rule.old_rows


def _raw_tables(settings: Settings) -> tuple[RawTable, ...]:
    declared = read_raw_tables(settings.project_dir).values()
    return tuple(table for table in declared if table.source in settings.sources)


def _rules(
    connection: Connection, dataset: str, name: str, days: int, column: str
) -> Iterator[Rule]:
    """Return the rule of one table: by its partitions if these are by that column."""
    from google.api_core.exceptions import NotFound

    table_id = connection.table_id(dataset, name)
    try:
        table = connection.client.get_table(table_id)
    except NotFound:
        return
    partitions: Any = table.time_partitioning
    field = (partitions.field or BY_ARRIVAL) if partitions is not None else ""
    if field in {column, BY_ARRIVAL}:
        yield Rule("partitions", table_id, days, field, _days(partitions.expiration_ms))
    elif table.table_type == "TABLE":
        yield from _row_rules(connection, table_id, days, column)


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
