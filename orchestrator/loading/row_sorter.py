"""Sends each row of a file to the good ones, cast to the table's types, or to the rejected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.loading.casting import CastError, caster

if TYPE_CHECKING:
    from orchestrator.loading.load_ledger import FileLoad
    from orchestrator.loading.row_readers import ReadRow
    from orchestrator.loading.staging_table import StagingTable

RAW_LINE_CHARACTERS: Final = 10_000
EXAMPLES: Final = 5
# Columns that the loader fills, whatever the file says.
OWN_COLUMNS: Final = frozenset({"_file_name", "_file_hash"})


class RowSorter:
    """Takes the rows of one file one by one."""

    def __init__(self, load: FileLoad, good: StagingTable, bad: StagingTable) -> None:
        self._load = load
        self._good = good
        self._bad = bad
        columns = load.table.columns
        self._casters = {column.name.lower(): (column.name, caster(column)) for column in columns}
        defaults = {
            "source_system": load.file_name.split(".")[0] or load.file_name,
            "_file_name": load.file_name,
            "_file_hash": load.file_hash,
        }
        if load.table.loaded_at:
            defaults[load.table.loaded_at] = load.loaded_at
        # What a row holds where the file is silent. A repeated column must not be null.
        self._empty_row: dict[str, Any] = {
            column.name: [] if column.is_array else defaults.get(column.name) for column in columns
        }
        self.unknown: set[str] = set()
        self.examples: list[str] = []

    def take(self, row: ReadRow) -> None:
        """Pass one row on."""
        if row.values is None:
            self._reject(row, row.reason)
            return
        try:
            self._good.add(self._cast(row.values))
        except CastError as error:
            self._reject(row, str(error))

    def _cast(self, values: dict[str, Any]) -> dict[str, Any]:
        result = dict(self._empty_row)
        for given, value in values.items():
            name = given.strip().lower()
            if name not in self._casters:
                self.unknown.add(given)
            elif value is not None and name not in OWN_COLUMNS:
                column, cast = self._casters[name]
                cast_value = cast(value)
                if cast_value is not None:
                    result[column] = cast_value
        key = self._load.table.key
        if not str(result[key] or "").strip():
            raise CastError(f"{key} is missing")
        return result

    def _reject(self, row: ReadRow, reason: str) -> None:
        raw_line = row.raw_line[:RAW_LINE_CHARACTERS].replace("\0", "\\0")
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"line {row.line_number}: {reason}")
        self._bad.add(
            {
                "file_name": self._load.file_name,
                "file_hash": self._load.file_hash,
                "line_number": row.line_number,
                "reason": reason,
                "raw_line": raw_line.encode(errors="backslashreplace").decode(),
                "loaded_at": self._load.loaded_at,
            }
        )
