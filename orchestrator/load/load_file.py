"""Loads one file into one raw table: good rows there, bad rows beside it, each file once."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestrator.load.load_columns import find_columns
from orchestrator.load.load_ledger import (
    REJECTED_SUFFIX,
    UNUSABLE_SUFFIX,
    FileLoad,
    LoadCounts,
    StagedRows,
    ensure_ledger,
    is_loaded,
    rejected_schema,
    unusable_schema,
)
from orchestrator.load.load_limits import check_losses
from orchestrator.load.publish_load import publish_load
from orchestrator.load.row_sorter import RowSorter
from orchestrator.load.shared_ids import shared_ids
from orchestrator.load.staging_table import StagingTable, staging_table
from orchestrator.mapping.mapped_file import InputFile
from orchestrator.mapping.mapped_rows import open_mapped_rows
from orchestrator.reading.column_names import ColumnMatch, match_columns
from orchestrator.reading.file_kind import display_name, file_stem
from orchestrator.reading.read_file import open_file
from orchestrator.reading.text_files import content_hash
from orchestrator.sources.raw_tables import ensure_raw_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.bigquery.connect import Connection
    from orchestrator.mapping.mapping import Mapping
    from orchestrator.reading.batches import RowFile
    from orchestrator.reading.file_options import FileOptions
    from orchestrator.sources.source_schemas import RawTable


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What became of one file: rows read = rows loaded + rows rejected."""

    file_name: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    unknown_columns: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    is_known: bool = False
    # Other files with the same ids of the same source system, and how many.
    shared_ids: tuple[tuple[str, int], ...] = ()
    values_unusable: int = 0
    blank_lines: int = 0
    trimmed_keys: int = 0


def load_file(
    connection: Connection,
    table: RawTable,
    path: Path,
    options: FileOptions,
    *,
    again: bool = False,
    mapping: Mapping | None = None,
    source: str | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> LoadResult:
    """Load a file unless its content has been loaded in the same way; `again` replaces that.

    A file that was loaded with other options, or through another mapping, is loaded anew, in place
    of the earlier load. `source` is the source system of rows that do not name theirs.
    """
    load = FileLoad(
        table=table,
        file_name=display_name(path),
        file_hash=content_hash(path),
        loaded_at=datetime.now(UTC).isoformat(sep=" "),
        source_system=source or file_stem(path),
        options=_reading(options, mapping, source),
        is_forced=again,
    )
    with ExitStack() as stack:
        # The file is opened first: a file that cannot be read changes nothing in the warehouse.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concord-load-")))
        if mapping is None:
            file = stack.enter_context(open_file(path, options))
        else:
            given = InputFile(path, mapping, options, load.source_system)
            file = stack.enter_context(open_mapped_rows(given, table, folder))
        if file.columns is not None:
            _columns(load, options, file.columns)
        ensure_raw_tables(connection, [table])
        ensure_ledger(connection, table)
        if not again and is_loaded(connection, load):
            return LoadResult(load.file_name, 0, 0, 0, is_known=True)
        good, bad, unusable = (
            stack.enter_context(staging_table(connection, name, schema, folder))
            for name, schema in _staging(connection, load)
        )
        return _Transfer(connection, load, options, good, bad, unusable).run(file, on_rows)


@dataclass(frozen=True, slots=True)
class _Transfer:
    """One file on its way through the staging tables."""

    connection: Connection
    load: FileLoad
    options: FileOptions
    good: StagingTable
    bad: StagingTable
    unusable: StagingTable

    def run(self, file: RowFile, on_rows: Callable[[int], None] | None) -> LoadResult:
        """Read the file to its end, then publish all of it."""
        sorter = RowSorter(self.load, file.place, self.good, self.bad, self.unusable)
        unknown = sort_rows(file, sorter, self.load, self.options, on_rows)
        for staging in (self.good, self.bad, self.unusable):
            staging.flush()
        good, bad = self.good.row_count, self.bad.row_count
        unusable = self.unusable.row_count + file.dropped_cells
        counts = LoadCounts(good + bad, good, bad, unusable)
        staged = StagedRows(self.good.table_id, self.bad.table_id, self.unusable.table_id)
        if counts.rows_read and not publish_load(self.connection, self.load, staged, counts):
            return LoadResult(self.load.file_name, 0, 0, 0, is_known=True)
        return LoadResult(
            self.load.file_name,
            counts.rows_read,
            counts.rows_loaded,
            counts.rows_rejected,
            unknown_columns=unknown,
            examples=tuple(sorter.examples),
            shared_ids=shared_ids(self.connection, self.load) if good else (),
            values_unusable=counts.values_unusable,
            blank_lines=sorter.blank,
            trimmed_keys=sorter.trimmed_keys,
        )


def sort_rows(
    file: RowFile,
    sorter: RowSorter,
    load: FileLoad,
    options: FileOptions,
    on_rows: Callable[[int], None] | None = None,
) -> tuple[str, ...]:
    """Pass all rows of a file on; return the columns that the table does not have.

    A file that would lose more than the options allow is refused.
    """
    names = file.columns
    match = _columns(load, options, names) if names is not None else None
    wanted = None if match is None else tuple(match.found.values())
    for batch in file.batches(wanted):
        if batch.line_numbers and (match is None or batch.names != names):
            # Objects of JSON bring their columns with them: all of them are judged below.
            names = batch.names
            match = match_columns((column.name for column in load.table.columns), names)
        sorter.take(batch, match.found if match else {})
        if on_rows is not None:
            on_rows(sorter.row_count)
    unknown = () if names is None else _columns(load, options, names).unknown
    check_losses(load.file_name, sorter, options)
    return unknown


def _reading(options: FileOptions, mapping: Mapping | None, source: str | None) -> str:
    """Return what decides which rows the same bytes give, and whose they are."""
    through = "" if mapping is None else f", mapping {mapping.fingerprint}"
    return options.as_text + through + (f", of {source}" if source else "")


def _columns(load: FileLoad, options: FileOptions, names: tuple[str, ...]) -> ColumnMatch:
    return find_columns(load.file_name, load.table, names, allow_unknown=options.ignore_columns)


def _staging(connection: Connection, load: FileLoad) -> list[tuple[str, Any]]:
    dataset = connection.settings.raw_dataset(load.table.source)
    # Two loads of one file at once have a table each.
    name = f"{load.table.name}__loading_{load.file_hash[:12]}_{secrets.token_hex(4)}"
    return [
        (connection.table_id(dataset, name), load.table.schema()),
        (connection.table_id(dataset, name + REJECTED_SUFFIX), rejected_schema()),
        (connection.table_id(dataset, name + UNUSABLE_SUFFIX), unusable_schema()),
    ]
