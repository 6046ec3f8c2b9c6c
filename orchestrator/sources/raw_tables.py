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
    """A raw table after `ensure_raw_tables`, and how many rows it holds."""

    table: RawTable
    n_rows: int

    @property
    def has_rows(self) -> bool:
        """Say whether it holds any row."""
        return self.n_rows > 0


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
    counts = _count_rows(connection, wanted)
    return tuple(RawTableState(table, counts.get(table.full_name, 0)) for table in wanted)


def _count_rows(connection: Connection, tables: tuple[RawTable, ...]) -> dict[str, int]:
    if not tables:
        return {}
    raw_dataset = connection.settings.raw_dataset
    # A count without a filter reads metadata only: it is free in BigQuery.
    counts = [
        f"select '{table.full_name}' as table_name, count(*) as row_count "
        f"from `{connection.table_id(raw_dataset(table.source), table.name)}`"
        for table in tables
    ]
    rows = connection.query(" union all ".join(counts))
    return {row["table_name"]: row["row_count"] for row in rows}
