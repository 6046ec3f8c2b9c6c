"""Makes a file of any format readable in DuckDB: a relation, and an expression a column.

Nothing is read row by row in Python, so a million rows take seconds.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.loading.file_options import FileOptions, explained, in_utf8
from orchestrator.loading.text_files import file_format, read_header

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

MAX_LINE_BYTES: Final = 16 << 20
UNREADABLE: Final = {"BLOB", "BIT"}


class FileView(ABC):
    """A file as a relation. `text` and `items` return SQL for one cell as text or as a list."""

    columns: tuple[str, ...]
    relation: str
    # Counts the rows that were left out, once the relation has been read.
    skipped_rows: str = "select 0"

    @abstractmethod
    def text(self, column: str) -> str:
        """Return the cell as text, as found."""

    @abstractmethod
    def items(self, column: str, separators: str) -> str:
        """Return the cell as a list; text is split at the separators (a regular expression)."""


class CsvView(FileView):
    """A delimited text file. Columns are read by position, so names may be anything."""

    def __init__(self, path: Path, options: FileOptions) -> None:
        self.columns, delimiter = read_header(path, options.encoding, options.delimiter)
        types = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(self.columns)))
        tolerant = "ignore_errors = true, store_rejects = true," if options.skip_bad_rows else ""
        self.relation = (
            f"read_csv({quoted(str(path))}, header = true, auto_detect = false, "
            f"columns = {{{types}}}, delim = {quoted(delimiter)}, quote = '\"', escape = '\"', "
            f"nullstr = '', {tolerant} max_line_size = {MAX_LINE_BYTES})"
        )
        if options.skip_bad_rows:
            self.skipped_rows = "select count(distinct line) from reject_errors"

    def text(self, column: str) -> str:
        """Return the cell as text."""
        return f"c{self.columns.index(column)}"

    def items(self, column: str, separators: str) -> str:
        """Return the parts of the cell."""
        return f"string_split_regex({self.text(column)}, {quoted(separators)})"


class JsonLinesView(FileView):
    """A file of one JSON object a line."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, options: FileOptions
    ) -> None:
        ignore = str(options.skip_bad_rows).lower()
        objects = (
            f"read_json_objects({quoted(str(path))}, format = 'newline_delimited', "
            f"ignore_errors = {ignore}, maximum_object_size = {MAX_LINE_BYTES})"
        )
        self.relation = f"(select json from {objects} where json is not null)"
        self.skipped_rows = f"select count(*) from {objects} where json is null"
        keys = f"select distinct unnest(json_keys(json)) as key from {self.relation} order by key"
        self.columns = tuple(row[0] for row in connection.execute(keys).fetchall())

    def text(self, column: str) -> str:
        """Return the value as text."""
        return f"(json ->> {self._path(column)})"

    def items(self, column: str, separators: str) -> str:
        """Return the values of an array, or the parts of a text."""
        elements = f"(json ->> {self._path(column, '[*]')})"
        parts = f"string_split_regex({self.text(column)}, {quoted(separators)})"
        is_array = f"json_type(json, {self._path(column)}) = 'ARRAY'"
        return f"(case when {is_array} then {elements} else {parts} end)"

    @staticmethod
    def _path(column: str, suffix: str = "") -> str:
        return quoted("$." + json.dumps(column, ensure_ascii=False) + suffix)


class ParquetView(FileView):
    """A Parquet file with columns of any simple type, or lists of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.relation = f"read_parquet({quoted(str(path))})"
        described = connection.execute(f"describe select * from {self.relation}").fetchall()
        self._types = {row[0]: row[1] for row in described}
        self.columns = tuple(self._types)

    def text(self, column: str) -> str:
        """Return the value as text; whole numbers lose the `.0` that pandas gives them."""
        name, data_type = identifier(column), self._types[column]
        if data_type in UNREADABLE or data_type.startswith(("STRUCT", "MAP")):
            raise InputError(
                f"column '{column}' is of the type {data_type}", "give a column of text or numbers"
            )
        if data_type.endswith("[]"):
            return f"array_to_string({name}, ' ')"
        if data_type in {"DOUBLE", "FLOAT"}:
            whole = f"not isnan({name}) and abs({name}) < 1e15 and {name} = trunc({name})"
            number = f"{name}::bigint::varchar else nullif({name}::varchar, 'nan')"
            return f"(case when {whole} then {number} end)"
        if data_type.startswith("TIMESTAMP"):
            return f"regexp_replace({name}::varchar, ' 00:00:00$', '')"
        return f"{name}::varchar"

    def items(self, column: str, separators: str) -> str:
        """Return the elements of a list, or the parts of a text."""
        if self._types[column].endswith("[]"):
            return f"{identifier(column)}::varchar[]"
        return f"string_split_regex({self.text(column)}, {quoted(separators)})"


def open_view(
    connection: duckdb.DuckDBPyConnection, path: Path, options: FileOptions, scratch: Path
) -> FileView:
    """Return the view of a file; text in another encoding is first rewritten in UTF-8."""
    kind = file_format(path)
    if kind == "parquet":
        return explained(path, options, lambda: ParquetView(connection, path))
    readable, utf8 = in_utf8(path, options, scratch)
    if kind == "csv":
        return CsvView(readable, utf8)
    return explained(path, options, lambda: JsonLinesView(connection, readable, utf8))


def quoted(text: str) -> str:
    """Return text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
