"""`select *` keeps struct columns.

Stock: to know the type of an expression (beside `||`, `concat`, `format` or a union), the
translator expands `select *` from the catalog, which leaves struct columns out: they are lost, or a
later use of them fails.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from bqemulator.sql import catalog_schema


def apply() -> None:
    """Give struct columns a type in the translator's picture of a table."""
    stock_type = catalog_schema._safe_bq_to_duckdb

    def type_of(bigquery_type: str) -> str:
        return stock_type(bigquery_type) or "STRUCT"

    catalog_schema._safe_bq_to_duckdb = type_of
