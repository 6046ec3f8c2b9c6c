"""What a file must keep to before it is resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from orchestrator.mapping.mapped_file import FileFacts
    from orchestrator.mapping.mapped_sql import RowOrigin

EXAMPLES: Final = 3


def check_record_ids(
    connection: duckdb.DuckDBPyConnection, origin: RowOrigin, place: str, column: str
) -> None:
    """Refuse empty and repeated record ids."""
    name = origin.file_name
    empty = connection.execute(
        f"select line_number from mapped where {origin.condition} "
        "and coalesce(record_id, '') = '' order by position"
    ).fetchmany(EXAMPLES)
    if empty:
        rows = ", ".join(str(row[0]) for row in empty)
        raise InputError(
            f"column '{column}' of {name} is empty in {place} {rows}",
            "give every row a record id of its own, or number them with record_id: auto",
        )
    twice = connection.execute(
        f"select record_id, count(*), min(line_number) from mapped where {origin.condition} "
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
    connection: duckdb.DuckDBPyConnection, origin: RowOrigin, promised: tuple[str, ...]
) -> None:
    """Refuse a promise about a source that no row comes from: it is a misspelt name."""
    name = origin.file_name
    rows = connection.execute(
        f"select distinct source_system from mapped where {origin.condition} order by 1"
    ).fetchall()
    present = [row[0] for row in rows]
    absent = [source for source in promised if source not in present]
    if absent:
        raise InputError(
            f"no row of {name} comes from the duplicate-free source '{absent[0]}'",
            f"use the names in the file: {', '.join(present[:20])}",
        )


def check_ids_across_files(
    connection: duckdb.DuckDBPyConnection, files: Sequence[FileFacts]
) -> None:
    """Refuse a record id that two files have for one source system: who is meant by it?"""
    if len(files) < 2:
        return
    twice = connection.execute(
        "select source_system, record_id, list(file_number order by file_number) from mapped "
        "group by source_system, record_id having count(*) > 1 order by min(position)"
    ).fetchmany(EXAMPLES)
    if twice:
        source, record_id, numbers = twice[0]
        names = " and ".join(dict.fromkeys(files[number].file_name for number in numbers))
        raise InputError(
            f"{names} both have the record id '{record_id[:100]}' of the source '{source}'",
            "give the files different names, or a column that says their source_system",
        )


def no_rows(name: str, skipped_rows: int, first_bad: str) -> InputError:
    """Return the error for a file without rows."""
    if skipped_rows:
        return InputError(
            f"none of the {skipped_rows:,} rows of {name} can be read ({first_bad})",
            "correct the file",
        )
    return InputError(f"{name} has no rows", "give a file with at least one row")
