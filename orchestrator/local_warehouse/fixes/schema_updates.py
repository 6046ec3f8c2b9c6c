"""A schema update through the API adds the new columns to the table.

Stock: only the catalog changes, so the next insert fails. dbt's on_schema_change and new snapshot
columns go this way.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bqemulator.api.routes import tables
from bqemulator.storage.sql_identifiers import quoted_table_ref
from bqemulator.storage.type_map import bq_schema_to_duckdb_columns

from orchestrator.local_warehouse.fixes.functions import at_engine_start

if TYPE_CHECKING:
    import duckdb
    from bqemulator.catalog.models import TableMeta
    from bqemulator.domain.clock import Clock


def add_missing_columns(
    connection: duckdb.DuckDBPyConnection, table_ref: str, fields: list[dict[str, Any]]
) -> None:
    """Add the columns that the fields name and the table lacks."""
    present = {row[0].lower() for row in connection.execute(f"describe {table_ref}").fetchall()}
    for name, kind in bq_schema_to_duckdb_columns(fields):
        if name.lower() not in present:
            connection.execute(f'alter table {table_ref} add column "{name}" {kind}')


def apply() -> None:
    """Alter the table when a changed description of it is built."""
    connections: list[duckdb.DuckDBPyConnection] = []
    stock_build = tables._rest_to_table_meta

    def build_table_meta(
        project_id: str,
        dataset_id: str,
        body: dict[str, Any],
        clock: Clock,
        existing: TableMeta | None = None,
    ) -> TableMeta:
        meta = stock_build(project_id, dataset_id, body, clock, existing)
        fields = body.get("schema", {}).get("fields", [])
        if existing is not None and fields and meta.table_type == "TABLE":
            table_ref = quoted_table_ref(project_id, dataset_id, meta.table_id)
            add_missing_columns(connections[-1], table_ref, fields)
        return meta

    at_engine_start(connections.append)
    tables._rest_to_table_meta = build_table_meta
