"""How old the sources are: their newest row against `warn_after` of the sources files.

One query for all tables. `dbt source freshness` says the same, but it reads the project once more
and asks for each table apart, which took a tenth of a run of the demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orchestrator.errors import RunFailed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection
    from orchestrator.sources.raw_tables import RawTableState


@dataclass(frozen=True, slots=True)
class StaleTable:
    """A raw table whose newest row is older than its sources file allows."""

    name: str
    age: timedelta

    @property
    def message(self) -> str:
        """Say how old it is."""
        return f"last row {self.age.total_seconds() / 3600:.1f} hours old"


def stale_tables(
    connection: Connection, states: Iterable[RawTableState], now: datetime
) -> tuple[StaleTable, ...]:
    """Return the sources that are too old. A table without rows has no age: it is left out."""
    tables = [state.table for state in states if state.has_rows]
    limits = {table.full_name: table.warn_after for table in tables if table.warn_after is not None}
    prefix = connection.settings.raw_prefix
    selects = [
        f"select '{table.full_name}' as name, max({table.loaded_at}) as newest "
        f"from `{connection.table_id(table.dataset(prefix), table.name)}`"
        for table in tables
        if table.full_name in limits
    ]
    if not selects:
        return ()
    rows = connection.query(" union all ".join(selects))
    ages = {row["name"]: now - _utc(row["newest"]) for row in rows if row["newest"] is not None}
    return tuple(StaleTable(name, age) for name, age in sorted(ages.items()) if age > limits[name])


def require_fresh(stale: tuple[StaleTable, ...]) -> None:
    """Stop a run whose sources are too old."""
    if not stale:
        return
    names = "\n".join(f"{table.name}: {table.message}" for table in stale)
    raise RunFailed(
        f"sources are not fresh\n{names}", "load newer data, or run without --require-fresh"
    )


def _utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
