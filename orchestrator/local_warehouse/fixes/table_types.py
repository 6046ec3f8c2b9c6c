"""A table or view made from a query has BigQuery's types: integers INT64, floats FLOAT64.

Stock: it keeps DuckDB's type, for example HUGEINT for SUM and COUNTIF of integers, INTEGER
for a literal and TINYINT for SIGN. BigQuery's API then shows NUMERIC or STRING, a large number
does not fit, and Parquet gets a float.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bqemulator.storage.engine import DuckDBEngine

if TYPE_CHECKING:
    import pyarrow as pa

_CREATE = re.compile(
    r"(?P<head>\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(?:table|view)\s+"
    r'(?:if\s+not\s+exists\s+)?(?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))*\s+as\s+)'
    r"(?P<query>[\s(]*(?:select|with|from)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_NARROW = {
    r"\bU?(?:TINYINT|SMALLINT|INTEGER|HUGEINT)\b|\bUBIGINT\b": "BIGINT",
    r"\bFLOAT\b": "DOUBLE",
}
# A field called "integer" must keep its name: quoted names are left alone.
_QUOTED_OR_BARE = re.compile(r'("(?:[^"]|"")*")|([^"]+)')


def bigquery_type(duckdb_type: str) -> str:
    """Return the type with every number in it, however deep, as wide as BigQuery's."""

    def widen(match: re.Match[str]) -> str:
        text = match.group(0)
        if match.group(1) is None:
            for narrow, wide in _NARROW.items():
                text = re.sub(narrow, wide, text)
        return text

    return _QUOTED_OR_BARE.sub(widen, duckdb_type)


def with_bigquery_types(engine: DuckDBEngine, sql: str, parameters: list[Any] | None) -> str:
    """Return a CREATE ... AS that casts what DuckDB would give another type."""
    match = _CREATE.fullmatch(sql)
    if match is None:
        return sql
    described = engine.execute(f"describe {match['query']}", parameters).fetchall()
    casts = [
        f"cast({_quote(name)} as {bigquery_type(kind)}) as {_quote(name)}"
        for name, kind, *_ in described
        if bigquery_type(kind) != kind
    ]
    if not casts:
        return sql
    return f"{match['head']} select * replace ({', '.join(casts)}) from ({match['query']})"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def apply() -> None:
    """Look at every statement as it goes to DuckDB."""
    stock_fetch = DuckDBEngine.fetch_arrow

    def fetch_arrow(self: DuckDBEngine, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        return stock_fetch(self, with_bigquery_types(self, sql, parameters), parameters)

    DuckDBEngine.fetch_arrow = fetch_arrow
