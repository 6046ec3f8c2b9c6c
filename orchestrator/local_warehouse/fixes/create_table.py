"""CREATE TABLE ... AS takes a column list around a query in parentheses: dbt's contracts.

Stock: it understands the list only when the query stands bare, as `as select`, and dbt writes
`as (select ...)`.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from bqemulator.sql.rewriter import create_table_schema_ctas as stock
from sqlglot import exp


def apply() -> None:
    """Look for the first select inside the parentheses as well."""
    stock_first_select = stock._first_select

    def first_select(body: exp.Expression | None) -> exp.Select | None:
        inner = body.unnest() if isinstance(body, exp.Subquery) else body
        return stock_first_select(inner)

    stock._first_select = first_select
