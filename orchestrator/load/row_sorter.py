"""Sends each row of a file to the good ones, cast to the table's types, or to the rejected ones."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Protocol

from orchestrator.reading.batches import BadCell, BadRow
from orchestrator.reading.casting import CastError, caster

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.load.load_ledger import FileLoad
    from orchestrator.reading.batches import Batch

RAW_LINE_CHARACTERS: Final = 10_000
VALUE_CHARACTERS: Final = 200
EXAMPLES: Final = 5
# Columns that the loader fills, whatever the file says.
OWN_COLUMNS: Final = frozenset({"_file_name", "_file_hash"})
# The column of a table -> what turns a value of the file into one of it.
Casters = dict[str, "Callable[[Any], Any]"]


class RowTable(Protocol):
    """Where rows go."""

    @property
    def row_count(self) -> int:
        """Return the rows taken so far."""

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""


class RowSorter:
    """Takes the batches of one file one by one.

    A value that cannot be used costs that value, noted in a table of its own; a row without a
    usable key, or one that cannot be read at all, costs the row.
    """

    def __init__(
        self,
        load: FileLoad,
        place: str,
        good: RowTable,
        bad: RowTable,
        dropped: RowTable,
    ) -> None:
        self._load = load
        self._place = place
        self._good = good
        self._bad = bad
        self._dropped = dropped
        columns = load.table.columns
        self._casters: Casters = {column.name: caster(column) for column in columns}
        defaults = {
            "source_system": load.source_system,
            "_file_name": load.file_name,
            "_file_hash": load.file_hash,
        }
        if load.table.loaded_at:
            defaults[load.table.loaded_at] = load.loaded_at
        # What a row holds where the file is silent. A repeated column must not be null.
        self._empty_row: dict[str, Any] = {
            column.name: [] if column.is_array else defaults.get(column.name) for column in columns
        }
        self.blank = 0
        self.trimmed_keys = 0
        self.reasons: Counter[str] = Counter()
        self.filled: Counter[str] = Counter()
        self.unusable: Counter[str] = Counter()
        self.examples: list[str] = []

    @property
    def row_count(self) -> int:
        """Return the rows taken so far."""
        return self._good.row_count + self._bad.row_count

    def take(self, batch: Batch, found: dict[str, str]) -> None:
        """Pass the rows of a batch on; `found` names the file's column of each of the table's."""
        self.blank += batch.blank
        for bad_row in batch.bad:
            self._reject(bad_row)
        columns = [name for name in found if name not in OWN_COLUMNS]
        cells = [batch.column(found[name]) for name in columns]
        for index, number in enumerate(batch.line_numbers):
            values = {name: column[index] for name, column in zip(columns, cells, strict=True)}
            try:
                row, problems = self._cast(values)
            except CastError as error:
                self._reject(BadRow(number, str(error), batch.raw_line(index)))
                continue
            self._good.add(row)
            for name, problem in problems:
                self._drop(number, name, values[name], problem)

    def _cast(self, values: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        row = dict(self._empty_row)
        problems: list[tuple[str, str]] = []
        key = self._load.table.key
        for name, value in values.items():
            if value is None or value == "":
                continue
            self.filled[name] += 1
            try:
                cast_value = self._casters[name](value)
            except CastError as error:
                if name == key:
                    raise
                problems.append((name, str(error)))
                continue
            if cast_value is not None:
                row[name] = cast_value
        found = str(row[key] or "").strip()
        if not found:
            raise CastError(f"{key} is missing")
        if isinstance(row[key], str) and row[key] != found:
            self.trimmed_keys += 1
            row[key] = found
        return row, problems

    def _reject(self, row: BadRow) -> None:
        self.reasons[row.reason] += 1
        self._note(row.line_number, row.reason)
        raw_line = row.raw_line[:RAW_LINE_CHARACTERS].replace("\0", "\\0")
        self._bad.add(
            {
                **self._mark(row.line_number),
                "reason": row.reason,
                "raw_line": raw_line.encode(errors="backslashreplace").decode(),
            }
        )

    def _drop(self, number: int, column: str, value: Any, reason: str) -> None:  # noqa: ANN401
        self.unusable[column] += 1
        self._note(number, f"{reason} (the row is loaded without it)")
        text = "" if isinstance(value, BadCell) else str(value)[:VALUE_CHARACTERS]
        self._dropped.add(
            {
                **self._mark(number),
                "column_name": column,
                "reason": reason,
                "value": text.encode(errors="backslashreplace").decode().replace("\0", "\\0"),
            }
        )

    def _mark(self, number: int) -> dict[str, Any]:
        return {
            "file_name": self._load.file_name,
            "file_hash": self._load.file_hash,
            "line_number": number,
            "loaded_at": self._load.loaded_at,
        }

    def _note(self, number: int, text: str) -> None:
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{self._place} {number}: {text}")
