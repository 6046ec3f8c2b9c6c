"""Reads files of any format one row at a time; a row that cannot be read says why."""

from __future__ import annotations

import csv
import json
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from orchestrator.errors import InputError
from orchestrator.loading.lines import MAX_LINE_CHARACTERS, Lines, TooLong
from orchestrator.loading.text_files import (
    BROKEN_ARCHIVE,
    broken_archive,
    file_format,
    open_text,
    read_header,
    wrong_encoding,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.loading.file_options import FileOptions

PARQUET_BATCH_ROWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row: its values by column, or the reason why there are none."""

    line_number: int
    values: dict[str, Any] | None
    reason: str
    raw_line: str


class RowReader(Protocol):
    """A file that can be read row by row, once."""

    @property
    def columns(self) -> tuple[str, ...] | None:
        """Return the columns when the file declares them."""

    def rows(self) -> Iterator[ReadRow]:
        """Read the rows."""


class CsvReader:
    """A delimited text file with a header."""

    def __init__(self, text: IO[str], columns: tuple[str, ...], delimiter: str) -> None:
        self.columns: tuple[str, ...] | None = columns
        self._names = columns
        self._lines = Lines(text)
        csv.field_size_limit(MAX_LINE_CHARACTERS)
        self._parser = csv.reader(self._lines, delimiter=delimiter, strict=True)

    def rows(self) -> Iterator[ReadRow]:
        """Read the rows after the header."""
        next(self._parser)
        while True:
            number = self._lines.begin_record()
            try:
                cells = next(self._parser)
            except StopIteration:
                return
            except (csv.Error, TooLong) as error:
                yield ReadRow(number, None, f"broken row: {error}", self._lines.keep_first_line())
                continue
            if cells:
                yield self._row(number, cells)

    def _row(self, number: int, cells: list[str]) -> ReadRow:
        raw_line = self._lines.record_text()
        if len(cells) != len(self._names):
            reason = f"{len(self._names)} fields expected, {len(cells)} found"
            return ReadRow(number, None, reason, raw_line)
        values = {name: cell or None for name, cell in zip(self._names, cells, strict=True)}
        return _checked(number, values, raw_line)


class JsonLinesReader:
    """A text file of one JSON object a line."""

    def __init__(self, text: IO[str]) -> None:
        self.columns: tuple[str, ...] | None = None
        self._lines = Lines(text)

    def rows(self) -> Iterator[ReadRow]:
        """Read the rows."""
        while True:
            number = self._lines.begin_record()
            try:
                line = next(self._lines)
            except StopIteration:
                return
            except TooLong as error:
                yield ReadRow(number, None, f"broken row: {error}", self._lines.record_text())
                continue
            if line.strip():
                yield self._row(number, line)

    @staticmethod
    def _row(number: int, line: str) -> ReadRow:
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            return ReadRow(number, None, f"no valid JSON: {error}", line)
        if not isinstance(values, dict):
            return ReadRow(number, None, "not a JSON object", line)
        return _checked(number, values, line)


class ParquetReader:
    """A Parquet file; the line number is the number of the row."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        try:
            self._file = parquet.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(
                f"cannot read {path.name}: {error}", "check that it is a Parquet file"
            ) from error
        self.columns: tuple[str, ...] | None = tuple(self._file.schema_arrow.names)

    def rows(self) -> Iterator[ReadRow]:
        """Read the rows batch by batch."""
        numbers = count(1)
        for batch in self._file.iter_batches(batch_size=PARQUET_BATCH_ROWS):
            for values in batch.to_pylist():
                raw_line = json.dumps(values, default=str, ensure_ascii=False)
                yield ReadRow(next(numbers), values, "", raw_line)


@contextmanager
def open_rows(path: Path, options: FileOptions) -> Iterator[RowReader]:
    """Open a file for reading row by row."""
    kind = file_format(path)
    if kind == "parquet":
        yield ParquetReader(path)
        return
    header = read_header(path, options.encoding, options.delimiter) if kind == "csv" else None
    try:
        # Bytes that are not in the encoding come out as lone surrogates: only their row is lost.
        with open_text(path, options.encoding, errors="surrogateescape") as text:
            yield CsvReader(text, *header) if header else JsonLinesReader(text)
    except BROKEN_ARCHIVE as error:
        raise broken_archive(path) from error
    except UnicodeError as error:
        raise wrong_encoding(path, options.encoding, None) from error


def _checked(number: int, values: dict[str, Any], raw_line: str) -> ReadRow:
    if not raw_line.isascii():
        try:
            raw_line.encode()
        except UnicodeEncodeError:
            reason = "holds bytes that are not in the file's encoding (see --encoding)"
            return ReadRow(number, None, reason, raw_line)
    return ReadRow(number, values, "", raw_line)
