"""One file, brought into the shape of a raw table by a mapping, inside DuckDB."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb

from orchestrator.errors import InputError
from orchestrator.reading.file_kind import display_name, file_stem
from orchestrator.reading.read_file import open_file
from orchestrator.reading.text_files import content_hash
from orchestrator.resolve.file_checks import check_duplicate_free, check_record_ids, no_rows
from orchestrator.resolve.mapped_batches import MappedBatches
from orchestrator.resolve.mapped_sql import CellNames, mapped_select, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.reading.file_options import FileOptions
    from orchestrator.resolve.mapping import Mapping
    from orchestrator.sources.source_schemas import RawTable

CHUNK_ROWS: Final = 250_000
SCRATCH_MEMORY: Final = "1GB"


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


class MappedFile:
    """A checked file, ready to be written out in the columns of its raw table."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, table: RawTable, facts: FileFacts
    ) -> None:
        self._connection = connection
        self._table = table
        self.facts = facts

    def write_chunks(self, mapping: Mapping, folder: Path, loaded_at: str) -> Iterator[Path]:
        """Write the rows as NDJSON, a bounded number a file; each file lives for one step."""
        constants = {
            "is_source_duplicate_free": _in_list(mapping.duplicate_free_sources),
            "_file_name": quoted(self.facts.file_name),
            "_file_hash": quoted(self.facts.file_hash),
            "_loaded_at": quoted(loaded_at),
        }
        columns = ", ".join(
            f'{constants.get(column.name, column.name)} as "{column.name}"'
            for column in self._table.columns
        )
        path = folder / "chunk.ndjson"
        for start in range(0, self.facts.row_count, CHUNK_ROWS):
            rows = f"position > {start} and position <= {start + CHUNK_ROWS}"
            self._connection.execute(
                f"copy (select {columns} from mapped where {rows}) "
                f"to {quoted(str(path))} (format json)"
            )
            yield path
        path.unlink(missing_ok=True)


@contextmanager
def open_mapped_file(
    path: Path, mapping: Mapping, table: RawTable, options: FileOptions, scratch: Path
) -> Iterator[MappedFile]:
    """Read a file through its mapping and check it; `scratch` is a folder for temporary data."""
    name = display_name(path)
    file_hash = content_hash(path)
    mapping.check_columns(table)
    with _scratch_database(scratch) as connection:
        with open_file(path, options) as file, _clear_scratch_errors(name):
            batches = MappedBatches(file, name, mapping, options)
            row_count = _read(connection, batches, mapping, table, file_stem(path))
            if not row_count:
                raise no_rows(name, batches.skipped_rows, batches.first_bad)
            check_record_ids(connection, name, file.place, mapping.record_id)
            check_duplicate_free(connection, name, mapping.duplicate_free_sources)
            facts = FileFacts(
                name,
                file_hash,
                row_count,
                _dropped_cells(connection),
                batches.skipped_rows,
                batches.blank_lines,
                batches.trimmed_ids,
            )
        yield MappedFile(connection, table, facts)


def _read(
    connection: duckdb.DuckDBPyConnection,
    batches: MappedBatches,
    mapping: Mapping,
    table: RawTable,
    stem: str,
) -> int:
    cells = CellNames(mapping.file_columns(), has_lists=batches.has_lists)
    select = mapped_select(cells, mapping, table, stem)
    row_count = 0
    for part in batches.tables():
        connection.register("part", part)
        action = "insert into mapped" if row_count else "create table mapped as"
        connection.execute(f"{action} {select}")
        connection.unregister("part")
        row_count += part.num_rows
    return row_count


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


def _scratch_database(scratch: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        str(scratch / "file.duckdb"),
        config={"memory_limit": SCRATCH_MEMORY, "temp_directory": str(scratch)},
    )


def _dropped_cells(connection: duckdb.DuckDBPyConnection) -> int:
    totals = "select coalesce(sum(dropped_cells), 0)::bigint from mapped"
    return int(connection.execute(totals).fetchall()[0][0])


def _in_list(names: tuple[str, ...]) -> str:
    if not names:
        return "false"
    return f"source_system in ({', '.join(quoted(name) for name in names)})"
