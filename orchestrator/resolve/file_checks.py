"""What a file must keep to before it is resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError

if TYPE_CHECKING:
    import duckdb

EXAMPLES: Final = 3


def check_record_ids(
    connection: duckdb.DuckDBPyConnection, name: str, place: str, column: str
) -> None:
    """Refuse empty and repeated record ids."""
    empty = connection.execute(
        "select line_number from mapped where coalesce(record_id, '') = '' order by position"
    ).fetchmany(EXAMPLES)
    if empty:
        rows = ", ".join(str(row[0]) for row in empty)
        raise InputError(
            f"column '{column}' of {name} is empty in {place} {rows}",
            "give every row a record id of its own, or number them with record_id: auto",
        )
    twice = connection.execute(
        "select record_id, count(*), min(line_number) from mapped "
        "group by record_id having count(*) > 1 order by min(position)"
    ).fetchmany(EXAMPLES)
    if twice:
        found = ", ".join(
            f"'{value[:100]}' ({count} times, first in {place} {line})"
            for value, count, line in twice
        )
        raise InputError(
            f"column '{column}' of {name} repeats a record id: {found}",
            "give every row a record id of its own",
        )


def check_duplicate_free(
    connection: duckdb.DuckDBPyConnection, name: str, promised: tuple[str, ...]
) -> None:
    """Refuse a promise about a source that no row comes from: it is a misspelt name."""
    rows = connection.execute("select distinct source_system from mapped order by 1").fetchall()
    present = [row[0] for row in rows]
    absent = [source for source in promised if source not in present]
    if absent:
        raise InputError(
            f"no row of {name} comes from the duplicate-free source '{absent[0]}'",
            f"use the names in the file: {', '.join(present[:20])}",
        )


def no_rows(name: str, skipped_rows: int, first_bad: str) -> InputError:
    """Return the error for a file without rows."""
    if skipped_rows:
        return InputError(
            f"none of the {skipped_rows:,} rows of {name} can be read ({first_bad})",
            "correct the file",
        )
    return InputError(f"{name} has no rows", "give a file with at least one row")
