"""Notes that somebody was forgotten, without saying who, and that the rows are missed by nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.forget.data_subject import DataSubject
    from orchestrator.forget.erase import Found

FORGOTTEN: Final = "forgotten"


def note_forgotten(connection: Connection, person: DataSubject, found: tuple[Found, ...]) -> None:
    """Add a row: when, and how much went from how many places. An id of nobody names nobody."""
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    from orchestrator.sources.own_tables import ensure_own_tables

    ensure_own_tables(connection)
    table = connection.table_id(connection.settings.ops_dataset, FORGOTTEN)
    connection.query(
        f"""
        insert into `{table}` (forgotten_at, person_id, n_records, n_rows, tables)
        values (current_timestamp(), @person_id, @n_records, @n_rows, @tables)
        """,
        ScalarQueryParameter("person_id", "STRING", person.person_id),
        ScalarQueryParameter("n_records", "INT64", len(person.records)),
        ScalarQueryParameter("n_rows", "INT64", sum(place.rows for place in found)),
        ArrayQueryParameter("tables", "STRING", sorted({place.table for place in found})),
    )


def expect_fewer_rows(connection: Connection, found: tuple[Found, ...]) -> None:
    """Let the next run expect the raw tables without the rows that went: their loss is meant."""
    from orchestrator.sources.row_counts import accepted_counts, note_row_counts
    from orchestrator.sources.source_schemas import read_raw_tables

    settings, now = connection.settings, datetime.now(UTC)
    gone = {place.table: place.rows for place in found if not place.is_emptied}
    counts = accepted_counts(connection)
    for table in read_raw_tables(settings.project_dir).values():
        rows = gone.get(f"{settings.raw_dataset(table.source)}.{table.name}", 0)
        if table.full_name in counts:
            counts[table.full_name] = max(counts[table.full_name] - rows, 0)
    note_row_counts(connection, f"forget-{now:%Y%m%dT%H%M%SZ}", now, counts)
