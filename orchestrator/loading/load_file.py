"""Loads one file into one raw table: good rows there, bad rows beside it, each file once."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError
from orchestrator.loading.load_ledger import (
    REJECTED_SUFFIX,
    FileLoad,
    ensure_ledger,
    is_loaded,
    publish,
    rejected_schema,
)
from orchestrator.loading.raw_tables import ensure_raw_tables
from orchestrator.loading.row_readers import RowReader, open_rows
from orchestrator.loading.row_sorter import RowSorter
from orchestrator.loading.shared_ids import shared_ids
from orchestrator.loading.staging_table import StagingTable, staging_table
from orchestrator.loading.text_files import content_hash

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.loading.file_options import FileOptions
    from orchestrator.loading.source_schemas import RawTable
    from orchestrator.warehouse_client import Connection

PROGRESS_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What became of one file."""

    file_name: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    unknown_columns: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    is_known: bool = False
    # Other files with the same ids of the same source system, and how many.
    shared_ids: tuple[tuple[str, int], ...] = ()


def load_file(
    connection: Connection,
    table: RawTable,
    path: Path,
    options: FileOptions,
    *,
    again: bool = False,
    on_rows: Callable[[int], None] | None = None,
) -> LoadResult:
    """Load a file unless its content has been loaded before; `again` replaces that load."""
    load = FileLoad(
        table=table,
        file_name=path.name,
        file_hash=content_hash(path),
        loaded_at=datetime.now(UTC).isoformat(sep=" "),
    )
    ensure_raw_tables(connection, [table])
    ensure_ledger(connection, table)
    if not again and is_loaded(connection, table, load.file_hash):
        return LoadResult(path.name, 0, 0, 0, is_known=True)
    with ExitStack() as stack:
        reader = stack.enter_context(open_rows(path, options))
        _check_columns(path, table, reader)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concord-load-")))
        good, bad = (
            stack.enter_context(staging_table(connection, name, schema, folder))
            for name, schema in _staging(connection, load)
        )
        return _transfer(connection, load, reader, good, bad, on_rows)


def _staging(connection: Connection, load: FileLoad) -> list[tuple[str, Any]]:
    dataset = load.table.dataset(connection.settings.raw_prefix)
    name = f"{load.table.name}__loading_{load.file_hash[:12]}"
    return [
        (connection.table_id(dataset, name), load.table.schema()),
        (connection.table_id(dataset, name + REJECTED_SUFFIX), rejected_schema()),
    ]


def _transfer(
    connection: Connection,
    load: FileLoad,
    reader: RowReader,
    good: StagingTable,
    bad: StagingTable,
    on_rows: Callable[[int], None] | None,
) -> LoadResult:
    sorter = RowSorter(load, good, bad)
    for number, row in enumerate(reader.rows(), start=1):
        sorter.take(row)
        if on_rows is not None and number % PROGRESS_ROWS == 0:
            on_rows(number)
    good.flush()
    bad.flush()
    counts = (good.row_count + bad.row_count, good.row_count, bad.row_count)
    if counts[0]:
        publish(connection, load, good.table_id, bad.table_id, counts)
    return LoadResult(
        load.file_name,
        *counts,
        unknown_columns=tuple(sorted(sorter.unknown)),
        examples=tuple(sorter.examples),
        shared_ids=shared_ids(connection, load) if good.row_count else (),
    )


def _check_columns(path: Path, table: RawTable, reader: RowReader) -> None:
    """Refuse a file whose header cannot belong to the table."""
    if reader.columns is None:
        return
    names = [name.lower() for name in reader.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"{path.name} has more than one column called '{twice[0]}'",
            "give every column a name of its own",
        )
    if table.key.lower() not in names:
        raise InputError(
            f"{path.name} has no column '{table.key}', which {table.full_name} needs",
            f"the columns of the table are: {', '.join(column.name for column in table.columns)}",
        )
