"""Creates the raw datasets and tables that are not there yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.cloud.bigquery import SchemaField

    from orchestrator.loading.source_schemas import RawTable
    from orchestrator.warehouse_client import Connection


@dataclass(frozen=True, slots=True)
class RawTableState:
    """A raw table after `ensure_raw_tables`, and whether it holds any row."""

    table: RawTable
    has_rows: bool


def ensure_raw_tables(
    connection: Connection, tables: Iterable[RawTable]
) -> tuple[RawTableState, ...]:
    """Create what is missing, empty, so that a user needs only some of the sources."""
    wanted = tuple(tables)
    prefix = connection.settings.raw_prefix
    for dataset in sorted({table.dataset(prefix) for table in wanted}):
        ensure_dataset(connection, dataset)
    for table in wanted:
        ensure_table(connection, table.dataset(prefix), table.name, table.schema())
    filled = _tables_with_rows(connection, wanted)
    return tuple(RawTableState(table, table.full_name in filled) for table in wanted)


def ensure_dataset(connection: Connection, dataset: str) -> None:
    """Create a dataset in the location of the settings unless it exists."""
    from google.api_core.exceptions import NotFound
    from google.cloud.bigquery import Dataset

    wanted = Dataset(f"{connection.settings.project}.{dataset}")
    # Whoever may write into a dataset need not have the right to create one.
    try:
        connection.client.get_dataset(wanted.reference)
    except NotFound:
        wanted.location = connection.settings.location
        connection.client.create_dataset(wanted, exists_ok=True)


def ensure_table(
    connection: Connection, dataset: str, name: str, schema: list[SchemaField]
) -> None:
    """Create an empty table unless it exists; an existing one is left as it is."""
    from google.cloud.bigquery import Table

    table = Table(connection.table_id(dataset, name), schema=schema)
    connection.client.create_table(table, exists_ok=True)


def _tables_with_rows(connection: Connection, tables: tuple[RawTable, ...]) -> frozenset[str]:
    if not tables:
        return frozenset()
    prefix = connection.settings.raw_prefix
    # A count without a filter reads metadata only: it is free in BigQuery.
    counts = [
        f"select '{table.full_name}' as table_name, count(*) as row_count "
        f"from `{connection.table_id(table.dataset(prefix), table.name)}`"
        for table in tables
    ]
    rows = connection.query(" union all ".join(counts))
    return frozenset(row["table_name"] for row in rows if row["row_count"] > 0)
