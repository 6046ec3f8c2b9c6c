"""Writes the files for people: asks the warehouse, joins what was read, and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb

from orchestrator.errors import RunFailed
from orchestrator.mapping.mapped_file import scratch_database
from orchestrator.mapping.mapped_sql import quoted
from orchestrator.mapping.mapping import TABLE_OF_ENTITY
from orchestrator.resolve.match_export import export_query
from orchestrator.resolve.output.queries import OutputQueries
from orchestrator.resolve.output.tables import (
    ADDED,
    ENTITIES,
    GOLDEN,
    LEDGER,
    REVIEW,
    output_tables,
)
from orchestrator.resolve.output.write_files import write_table

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.mapping.mapped_file import MappedFiles
    from orchestrator.resolve.history import History
    from orchestrator.resolve.request import ResolveRequest

# Without one in the file itself: what most programs expect.
USUAL_DELIMITER: Final = ","


@dataclass(frozen=True, slots=True)
class Counted:
    """What the files say in figures; None where there is no such file."""

    questions: int | None = None
    changes: dict[str, int] | None = None


def check_tables(formats: Collection[str], files: MappedFiles) -> None:
    """Refuse, before the work, formats that have no room for the rows that were read."""
    if "xlsx" in formats:
        from orchestrator.resolve.output.workbook import check_size

        # File, number, and what is added to the columns of a file.
        check_size(files.row_count, len(files.columns.headed()) + len(ADDED) + 2)


def write_output(
    connection: Connection,
    request: ResolveRequest,
    files: MappedFiles,
    history: History,
    folder: Path,
) -> Counted:
    """Write all files into the folder in which the rows that were read still are."""
    try:
        return _written(connection, request, files, history, folder)
    except duckdb.Error as error:
        raise RunFailed(
            "the files of the result cannot be written: not enough disk or memory",
            "free disk space, or write fewer of them with --format",
        ) from error


def _written(
    connection: Connection,
    request: ResolveRequest,
    files: MappedFiles,
    history: History,
    folder: Path,
) -> Counted:
    queries = OutputQueries(connection, request.entity, TABLE_OF_ENTITY[request.entity])
    for name, sql in (
        (ENTITIES, queries.entities()),
        (GOLDEN, queries.golden()),
        (REVIEW, queries.review()),
        (LEDGER, queries.ledger()),
    ):
        export_query(connection, sql, folder / name)
    formats = request.formats_for(files.row_count)
    delimiter = files.files[0].delimiter or USUAL_DELIMITER
    with scratch_database(folder) as scratch:
        tables = output_tables(
            scratch,
            files.table,
            files.columns,
            folder,
            sources=files.sources,
            is_numbered=any(one.mapping.is_numbered for one in request.files),
        )
        for table in tables:
            if table.name != "changes" or history.previous is not None:
                write_table(scratch, table, folder, formats, delimiter)
    history.write(folder / LEDGER, folder)
    return Counted(
        questions=_count(folder / REVIEW),
        changes=None if history.previous is None else _events(folder / LEDGER),
    )


def _count(path: Path) -> int:
    (count,) = duckdb.execute(f"select count(*) from {quoted(str(path))}").fetchall()[0]
    return int(count)


def _events(path: Path) -> dict[str, int]:
    events = duckdb.execute(f"select event from {quoted(str(path))}").fetchall()
    return dict(sorted(Counter(str(event) for (event,) in events).items()))
