"""Rows without an id of their own, known from one file to the next by what they say.

In a first file they are numbered by their lines. A row of the next file that says the same as one
of the files before has its number; of several that say the same, the first has the first one's.
All others get numbers that none has had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.mapping.mapped_sql import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from orchestrator.sources.source_schemas import RawTable


def keep_numbers(
    connection: duckdb.DuckDBPyConnection, table: RawTable, files: Sequence[int], earlier: Path
) -> None:
    """Give the rows of files without ids the numbers that `write_numbers` has written before."""
    connection.execute(
        f"""
        create or replace table renumbered as
        with rows as ({_rows(table, files)}),
        known as (from {quoted(str(earlier))}),
        -- A source may have a file with ids as well: no number is one of those.
        taken as (
            select source_system, record_id from known
            union all
            select source_system, record_id from mapped where not {_of(files)}
        ),
        latest as (
            select source_system, max(try_cast(record_id as bigint)) as number
            from taken
            group by source_system
        ),
        found as (
            select rows.position, rows.source_system, known.record_id
            from rows
            left join known using (source_system, said, nth)
        )
        select
            position,
            coalesce(
                found.record_id,
                (
                    coalesce(latest.number, 0)
                    + sum((found.record_id is null)::int)
                        over (partition by source_system order by position)
                )::bigint::varchar
            ) as record_id,
        from found
        left join latest using (source_system)
        """
    )
    connection.execute(
        "update mapped set record_id = renumbered.record_id "
        "from renumbered where mapped.position = renumbered.position"
    )


def write_numbers(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    files: Sequence[int],
    earlier: Path | None,
    path: Path,
) -> None:
    """Write the numbers of all rows, also of those that are gone: one may come back."""
    rows = f"select source_system, said, nth, record_id from ({_rows(table, files)})"
    if earlier is not None:
        gone = f"from {quoted(str(earlier))} anti join rows using (source_system, said, nth)"
        rows = f"with rows as ({rows}) from rows union all by name ({gone})"
    connection.execute(f"copy ({rows}) to {quoted(str(path))} (format parquet)")


def _rows(table: RawTable, files: Sequence[int]) -> str:
    """Return the query of what each row says, and which of those that say it the row is."""
    values = ", ".join(f'"{column.name}"' for column in table.mappable)
    return f"""
        select
            position,
            source_system,
            record_id,
            said,
            row_number() over (partition by source_system, said order by position) as nth,
        from (select *, md5(row({values})::varchar) as said from mapped where {_of(files)})
    """


def _of(files: Sequence[int]) -> str:
    return f"file_number in ({', '.join(map(str, files))})"
