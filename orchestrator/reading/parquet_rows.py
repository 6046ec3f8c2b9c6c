"""Reads Parquet: only the columns that are asked for, and every value that makes sense."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pyarrow import parquet

from orchestrator.errors import InputError
from orchestrator.reading.batches import Batch, RowFile
from orchestrator.reading.file_kind import PARQUET_MARK, display_name
from orchestrator.reading.parquet_values import values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BATCH_ROWS: Final = 10_000
# What pyarrow raises for damaged data; its words are no help to whoever has the file.
DAMAGED: Final = (pa.ArrowException, OSError, ValueError, OverflowError)


@dataclass
class ParquetBatch(Batch):
    """Rows as columns."""

    values: dict[str, list[Any]] = field(default_factory=dict)

    def column_at(self, index: int) -> Sequence[Any]:
        """Return the values of a column."""
        return self.values[self.names[index]]

    def raw_line(self, index: int) -> str:
        """Return the values that were read of a row, as JSON."""
        row = {name: values[index] for name, values in self.values.items()}
        return json.dumps(row, default=str, ensure_ascii=False)


class ParquetFile(RowFile):
    """A Parquet file; the number of a row is its place."""

    place = "row"

    def __init__(self, path: Path) -> None:
        self._name = display_name(path)
        with self._readable():
            self._file = parquet.ParquetFile(path)
            self.columns: tuple[str, ...] | None = tuple(self._file.schema_arrow.names)
            self._row_count = self._file.metadata.num_rows
        if not self.columns:
            raise InputError(f"{self._name} has no columns", "give a file with columns and rows")

    def batches(self, wanted: Sequence[str] | None = None) -> Iterator[Batch]:
        """Read the rows; a column that nobody wants is not even looked at."""
        names = self.columns or ()
        used = names if wanted is None else tuple(name for name in names if name in set(wanted))
        reader = self._file.iter_batches(batch_size=BATCH_ROWS, columns=list(used))
        done = 0
        while True:
            with self._readable(done):
                rows = next(reader, None)
                if rows is None:
                    break
                values = {name: values_of(rows.column(name)) for name in dict.fromkeys(used)}
            numbers = range(done + 1, done + rows.num_rows + 1)
            done += rows.num_rows
            yield ParquetBatch(numbers, names, values=values)
        if done != self._row_count:
            raise InputError(
                f"{self._name} is damaged: {done:,} of {self._row_count:,} rows are there",
                "copy or write the file again",
            )

    @contextmanager
    def _readable(self, done: int | None = None) -> Iterator[None]:
        try:
            yield
        except DAMAGED as error:
            if done is not None:
                place = f"it cannot be read after row {done:,}"
                raise InputError(
                    f"{self._name} is damaged: {place}", "copy or write the file again"
                ) from error
            raise InputError(
                f"{self._name} is not a complete Parquet file, or uses what Concord cannot read",
                f"copy or write the file again; it begins and ends with {PARQUET_MARK.decode()}",
            ) from error
