"""Notes that somebody was forgotten, without saying who."""

from __future__ import annotations

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
