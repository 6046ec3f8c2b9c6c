"""Row counts of the raw tables of accepted nights: a source that comes back empty stops the run.

Without that, the night would take a failed export for the wish to forget all its records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import SourceShrank
from orchestrator.sources.source_schemas import read_own_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection
    from orchestrator.sources.raw_tables import RawTableState

SOURCE_ROWS: Final = "source_rows"


def accepted_counts(connection: Connection) -> dict[str, int]:
    """Return the row counts of the last accepted night by raw table; none before the first."""
    if not _is_declared(connection):
        return {}
    sql = f"""
        select raw_table, n_rows
        from `{_table_id(connection)}`
        where true
        qualify rank() over (order by happened_at desc, run_id desc) = 1
    """
    return {row["raw_table"]: row["n_rows"] for row in connection.query(sql)}


def require_rows(
    states: Iterable[RawTableState], before: Mapping[str, int], most_loss: float
) -> None:
    """Raise when a raw table is empty that had rows, or has lost more than a share of them.

    A table that is not read any more counts as empty: so do its records.
    """
    now = {state.table.full_name: state.n_rows for state in states}
    lost = [
        f"{name} has {now.get(name, 0):,} rows, and had {had:,} in the last published run"
        for name, had in sorted(before.items())
        if had and (not now.get(name) or 1 - now[name] / had > most_loss)
    ]
    if lost:
        raise SourceShrank(
            "\n".join(("sources came back empty or much smaller; nothing was built", *lost)),
            "find out why, and load them again; if it is meant, run with --accept-changes; the "
            "limit is CONCORD_MAX_SOURCE_LOSS",
        )


def note_row_counts(
    connection: Connection, run_id: str, happened_at: datetime, counts: Mapping[str, int]
) -> None:
    """Note the counts of an accepted night, once."""
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    if not counts or not _is_declared(connection):
        return
    parameters: tuple[Any, ...] = (
        ScalarQueryParameter("run_id", "STRING", run_id),
        ScalarQueryParameter("happened_at", "TIMESTAMP", happened_at),
        ArrayQueryParameter("names", "STRING", list(counts)),
        ArrayQueryParameter("counts", "INT64", list(counts.values())),
    )
    table = _table_id(connection)
    connection.query(
        f"""
        insert into `{table}` (run_id, happened_at, raw_table, n_rows)
        select @run_id, @happened_at, raw_table, n_rows
        from unnest(@names) as raw_table with offset as position
        inner join unnest(@counts) as n_rows with offset as of_count on position = of_count
        where not exists (select 1 from `{table}` as known where known.run_id = @run_id)
        """,
        *parameters,
    )


def _is_declared(connection: Connection) -> bool:
    declared = read_own_tables(connection.settings.project_dir)
    return any(table.name == SOURCE_ROWS for table in declared)


def _table_id(connection: Connection) -> str:
    return connection.table_id(connection.settings.ops_dataset, SOURCE_ROWS)
