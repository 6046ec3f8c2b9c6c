"""What a file must keep to before it is resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

WHITE_SPACE: Final = "chr(32) || chr(9) || chr(10) || chr(13) || chr(160)"
EXAMPLES: Final = 3


def check_record_ids(connection: duckdb.DuckDBPyConnection, path: Path, column: str) -> None:
    """Refuse empty and repeated record ids."""
    empty = connection.execute(
        "select position from mapped "
        f"where record_id is null or trim(record_id, {WHITE_SPACE}) = '' order by position"
    ).fetchmany(EXAMPLES)
    if empty:
        rows = ", ".join(str(row[0]) for row in empty)
        raise InputError(
            f"column '{column}' of {path.name} is empty in row {rows}",
            "give every row a record id of its own (rows are counted without the header)",
        )
    twice = connection.execute(
        "select record_id, count(*), min(position) from mapped "
        "group by record_id having count(*) > 1 order by min(position)"
    ).fetchmany(EXAMPLES)
    if twice:
        found = ", ".join(f"'{value[:100]}' ({count} times)" for value, count, _ in twice)
        raise InputError(
            f"column '{column}' of {path.name} repeats a record id: {found}",
            "give every row a record id of its own",
        )


def check_duplicate_free(
    connection: duckdb.DuckDBPyConnection, path: Path, promised: tuple[str, ...]
) -> None:
    """Refuse a promise about a source that no row comes from: it is a misspelt name."""
    rows = connection.execute("select distinct source_system from mapped order by 1").fetchall()
    present = [row[0] for row in rows]
    absent = [name for name in promised if name not in present]
    if absent:
        raise InputError(
            f"no row of {path.name} comes from the duplicate-free source '{absent[0]}'",
            f"use the names in the file: {', '.join(present[:20])}",
        )


def no_rows(path: Path) -> InputError:
    """Return the error for a file without rows."""
    return InputError(f"{path.name} has no rows", "give a file with at least one row")
