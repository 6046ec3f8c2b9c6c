"""Creates the raw datasets and tables that are not there yet, and the columns that they lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.bigquery.ensure import ensure_dataset, ensure_tables
from orchestrator.sources.declared_columns import ensure_declared_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection
    from orchestrator.sources.source_schemas import RawTable


@dataclass(frozen=True, slots=True)
class RawTableState:
    """A raw table after `ensure_raw_tables`, and whether it holds any row."""

    table: RawTable
    has_rows: bool


def ensure_raw_tables(
    connection: Connection, tables: Iterable[RawTable]
) -> tuple[RawTableState, ...]:
    """Create what is missing, empty, so that a user needs only some of the sources.

    Tables that are there get the declared columns that they lack.
    """
    from google.cloud.bigquery import Table

    wanted = tuple(tables)
    for source in sorted({table.source for table in wanted}):
        dataset = connection.settings.raw_dataset(source)
        ensure_dataset(connection, dataset)
        own = [table for table in wanted if table.source == source]
        ensure_tables(
            connection,
            dataset,
            [Table(connection.table_id(dataset, t.name), schema=t.schema()) for t in own],
        )
    ensure_declared_columns(connection, wanted)
    filled = _tables_with_rows(connection, wanted)
    return tuple(RawTableState(table, table.full_name in filled) for table in wanted)


def _tables_with_rows(connection: Connection, tables: tuple[RawTable, ...]) -> frozenset[str]:
    if not tables:
        return frozenset()
    raw_dataset = connection.settings.raw_dataset
    # A count without a filter reads metadata only: it is free in BigQuery.
    counts = [
        f"select '{table.full_name}' as table_name, count(*) as row_count "
        f"from `{connection.table_id(raw_dataset(table.source), table.name)}`"
        for table in tables
    ]
    rows = connection.query(" union all ".join(counts))
    return frozenset(row["table_name"] for row in rows if row["row_count"] > 0)
