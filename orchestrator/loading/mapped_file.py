"""One file, brought into the shape of a raw table by a mapping, inside DuckDB."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb

from orchestrator.loading.file_checks import (
    WHITE_SPACE,
    check_duplicate_free,
    check_record_ids,
    no_rows,
)
from orchestrator.loading.file_options import FileOptions, explained
from orchestrator.loading.file_views import FileView, open_view, quoted
from orchestrator.loading.text_files import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.loading.source_schemas import Column, RawTable
    from orchestrator.mapping import Mapping

# Longer cells are no name, address or number; comparing them would cost minutes.
MAX_CELL_CHARACTERS: Final = 10_000
CHUNK_ROWS: Final = 250_000
SCRATCH_MEMORY: Final = "1GB"
# A telephone number may contain blanks and commas, an address of e-mail or web may not.
SEPARATORS: Final = {"phones": r"[;|\r\n]+"}
ANY_SEPARATOR: Final = r"[;,|\s]+"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known about a file once it has been read and checked."""

    file_name: str
    file_hash: str
    row_count: int
    dropped_cells: int
    skipped_rows: int


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
    file_hash = content_hash(path)
    mapping.check_columns(table)
    with _scratch_database(scratch) as connection:
        view = open_view(connection, path, options, scratch)
        if not view.columns:
            raise no_rows(path)
        mapping.check_file(path.name, view.columns)
        select = _mapped_select(view, mapping, table, path.name)
        explained(path, options, lambda: connection.execute(f"create table mapped as {select}"))
        check_record_ids(connection, path, mapping.record_id)
        check_duplicate_free(connection, path, mapping.duplicate_free_sources)
        skipped = connection.execute(view.skipped_rows).fetchall()[0][0]
        facts = FileFacts(path.name, file_hash, *_totals(connection, path), skipped)
        yield MappedFile(connection, table, facts)


def _mapped_select(view: FileView, mapping: Mapping, table: RawTable, file_name: str) -> str:
    texts = [view.text(column) for column in mapping.file_columns()]
    too_long = " + ".join(
        f"coalesce(length({text}) > {MAX_CELL_CHARACTERS}, false)::int" for text in texts
    )
    source = _clean(view.text(mapping.source_system)) if mapping.source_system else "null"
    stem = quoted(file_name.split(".")[0] or file_name)
    columns = [
        "row_number() over () as position",
        f"{view.text(mapping.record_id)} as record_id",
        f"coalesce({source}, {stem}) as source_system",
        f"{too_long} as dropped_cells",
        *(f'{_column_sql(view, mapping, column)} as "{column.name}"' for column in table.mappable),
    ]
    return f"select {', '.join(columns)} from {view.relation}"


def _column_sql(view: FileView, mapping: Mapping, column: Column) -> str:
    source = mapping.columns.get(column.name, ())
    if isinstance(source, dict):
        entries = [
            f"{{'type': {quoted(kind)}, 'value': {_clean(view.text(name))}}}"
            for kind, names in source.items()
            for name in names
        ]
        return f"list_filter([{', '.join(entries)}], lambda e: e.value is not null)"
    if column.is_array:
        separators = SEPARATORS.get(column.name, ANY_SEPARATOR)
        lists = [f"coalesce({view.items(name, separators)}, [])" for name in source]
        cleaned = f"list_transform(flatten([{', '.join(lists)}]), lambda e: {_clean('e')})"
        return f"list_filter({cleaned}, lambda e: e is not null)" if lists else "[]"
    if not source:
        return "null"
    text = f"nullif(concat_ws(' ', {', '.join(_clean(view.text(name)) for name in source)}), '')"
    if column.data_type == "TIMESTAMP":
        return f"strftime(try_cast({text} as timestamp), '%Y-%m-%d %H:%M:%S.%f')"
    return text


def _clean(text: str) -> str:
    """Trim a cell; nothing but blanks, or far too much text, counts as empty."""
    trimmed = f"nullif(trim(replace({text}, chr(0), ''), {WHITE_SPACE}), '')"
    return f"(case when length({text}) <= {MAX_CELL_CHARACTERS} then {trimmed} end)"


def _scratch_database(scratch: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        str(scratch / "file.duckdb"),
        config={"memory_limit": SCRATCH_MEMORY, "temp_directory": str(scratch)},
    )


def _totals(connection: duckdb.DuckDBPyConnection, path: Path) -> tuple[int, int]:
    totals = "select count(*), coalesce(sum(dropped_cells), 0)::bigint from mapped"
    row_count, dropped_cells = connection.execute(totals).fetchall()[0]
    if row_count == 0:
        raise no_rows(path)
    return row_count, dropped_cells


def _in_list(names: tuple[str, ...]) -> str:
    if not names:
        return "false"
    return f"source_system in ({', '.join(quoted(name) for name in names)})"
