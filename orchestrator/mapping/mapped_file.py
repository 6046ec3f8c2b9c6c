"""Files, brought into the shape of a raw table by their mappings, inside DuckDB."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import duckdb

from orchestrator.errors import InputError
from orchestrator.mapping.file_checks import (
    check_duplicate_free,
    check_ids_across_files,
    check_record_ids,
    no_rows,
)
from orchestrator.mapping.kept_columns import KeptColumns
from orchestrator.mapping.mapped_batches import MappedBatches
from orchestrator.mapping.mapped_sql import CellLimits, CellNames, RowOrigin, mapped_select, quoted
from orchestrator.reading.batches import RowFile
from orchestrator.reading.file_kind import display_name, file_stem
from orchestrator.reading.read_file import open_file
from orchestrator.reading.text_files import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from orchestrator.mapping.mapping import Mapping
    from orchestrator.reading.batches import BadRow
    from orchestrator.reading.file_options import FileOptions
    from orchestrator.sources.source_schemas import RawTable

CHUNK_ROWS: Final = 250_000
SCRATCH_MEMORY: Final = "1GB"
# As the macro `file_source_system` has it.
UNNAMED_SOURCE: Final = "files"
SCRATCH_DATABASE: Final = "file.duckdb"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to be read, and how."""

    path: Path
    mapping: Mapping
    options: FileOptions
    # What its rows' source system is called where no column says it; None: as the file.
    source: str | None = None

    @property
    def source_name(self) -> str:
        """Return the source system of rows that do not name theirs."""
        return (self.source or file_stem(self.path)).strip() or UNNAMED_SOURCE


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known about a file once it has been read and checked."""

    file_name: str
    file_hash: str
    row_count: int
    dropped_cells: int
    skipped_rows: int
    blank_lines: int
    trimmed_ids: int
    source_name: str = ""
    # Between the cells of a line, where there is one.
    delimiter: str | None = None


@dataclass(slots=True)
class MappedFiles:
    """Checked files, ready to be written out in the columns of their raw table."""

    connection: duckdb.DuckDBPyConnection
    table: RawTable
    files: list[FileFacts] = field(default_factory=list)
    columns: KeptColumns = field(default_factory=KeptColumns)
    # Source systems of the rows, in their order.
    sources: tuple[str, ...] = ()
    limits: CellLimits = field(default_factory=CellLimits)
    # Where a row of the last file stands: in a line, or a row of a table.
    place: str = RowFile.place

    @property
    def row_count(self) -> int:
        """Return how many rows all files have."""
        return sum(one.row_count for one in self.files)

    def write_chunks(self, folder: Path, loaded_at: str) -> Iterator[Path]:
        """Write the rows as NDJSON, a bounded number a file; each file lives for one step."""
        loaded = {"_loaded_at": quoted(loaded_at)}
        columns = ", ".join(
            f'{loaded.get(column.name, column.name)} as "{column.name}"'
            for column in self.table.columns
        )
        path = folder / "chunk.ndjson"
        for start in range(0, self.row_count, CHUNK_ROWS):
            rows = f"position > {start} and position <= {start + CHUNK_ROWS}"
            self.connection.execute(
                f"copy (select {columns} from mapped where {rows}) "
                f"to {quoted(str(path))} (format json)"
            )
            yield path
        path.unlink(missing_ok=True)

    def add(
        self, file: InputFile, *, keeps_columns: bool = False, bad_rows: list[BadRow] | None = None
    ) -> None:
        """Read one more file and check it; with a list for bad rows, its reader checks the rest."""
        name = display_name(file.path)
        file_hash = content_hash(file.path)
        file.mapping.check_columns(self.table)
        with open_file(file.path, file.options) as rows, _clear_scratch_errors(name):
            batches = MappedBatches(
                rows, name, file.mapping, file.options, keeps_columns=keeps_columns
            )
            batches.bad_rows = bad_rows
            origin = RowOrigin(len(self.files), self.row_count, file.source_name, name, file_hash)
            row_count = self._read(batches, file.mapping, origin, keeps_columns=keeps_columns)
            if bad_rows is None:
                if not row_count:
                    raise no_rows(name, batches.skipped_rows, batches.first_bad)
                check_record_ids(self.connection, origin, rows.place, file.mapping.record_id)
            if row_count:
                check_duplicate_free(self.connection, origin, file.mapping.duplicate_free_sources)
            facts = FileFacts(
                name,
                file_hash,
                row_count,
                _dropped_cells(self.connection, origin) if row_count else 0,
                batches.skipped_rows,
                batches.blank_lines,
                batches.trimmed_ids,
                file.source_name,
                rows.delimiter,
            )
        self.place = rows.place
        self.files.append(facts)
        if not self.row_count:
            return
        check_ids_across_files(self.connection, self.files)
        rows_of_sources = self.connection.execute(
            "select source_system from mapped group by 1 order by min(position)"
        ).fetchall()
        self.sources = tuple(name for (name,) in rows_of_sources)

    def _read(
        self, batches: MappedBatches, mapping: Mapping, origin: RowOrigin, *, keeps_columns: bool
    ) -> int:
        cells = CellNames(mapping.file_columns(), has_lists=batches.has_lists)
        select = mapped_select(cells, mapping, self.table, origin, self.limits)
        row_count = 0
        for part in batches.tables():
            self.connection.register("part", part)
            is_first = not (self.files or row_count)
            action = "create table mapped as" if is_first else "insert into mapped"
            self.connection.execute(f"{action} {select}")
            if keeps_columns:
                self.columns.keep(self.connection, batches.names, origin.first_position)
            self.connection.unregister("part")
            row_count += part.num_rows
        return row_count


@contextmanager
def open_mapped_files(
    files: Sequence[InputFile], table: RawTable, scratch: Path, *, keeps_columns: bool = False
) -> Iterator[MappedFiles]:
    """Read files through their mappings and check them; `scratch` is a folder for temporary data.

    With `keeps_columns` the columns of the files stay there as they are, in the table `kept`.
    """
    with scratch_database(scratch) as connection:
        mapped = MappedFiles(connection, table)
        for file in files:
            mapped.add(file, keeps_columns=keeps_columns)
        yield mapped


def scratch_database(scratch: Path) -> duckdb.DuckDBPyConnection:
    """Open the database of the files that were read; a time without a zone is UTC there."""
    connection = duckdb.connect(
        str(scratch / SCRATCH_DATABASE),
        config={"memory_limit": SCRATCH_MEMORY, "temp_directory": str(scratch)},
    )
    connection.execute("set TimeZone = 'UTC'")
    return connection


@contextmanager
def _clear_scratch_errors(name: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise InputError(
            f"{name} cannot be read into its columns: not enough disk or memory, or a row "
            "that is far too large",
            "free disk space, or give the file in parts",
        ) from error


def _dropped_cells(connection: duckdb.DuckDBPyConnection, origin: RowOrigin) -> int:
    totals = f"select coalesce(sum(dropped_cells), 0)::bigint from mapped where {origin.condition}"
    return int(connection.execute(totals).fetchall()[0][0])
