"""Reads delimited text: whole blocks at once, and line by line where something is wrong."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.reading.batches import BadRow, Batch, RowFile
from orchestrator.reading.casting import is_sound
from orchestrator.reading.cell_guard import GUARD_SIGNS, without_guard
from orchestrator.reading.csv_layout import CsvLayout, read_layout
from orchestrator.reading.lines import Lines, TooLong, any_too_long

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestrator.reading.text_files import TextSource

BLOCK_LINES: Final = 5_000
NARROW_TABLE: Final = 3
WIDE_TABLE: Final = 6
NOT_IN_ENCODING: Final = "holds bytes that are not in the file's encoding (see --encoding)"
NEVER_CLOSED: Final = "a quote is never closed, or text stands behind it"


@dataclass
class CsvBatch(Batch):
    """Rows as lists of cells."""

    rows: list[list[str]] = field(default_factory=list)
    raw_lines: Sequence[str] = ()
    _columns: list[tuple[str, ...]] | None = None

    def column_at(self, index: int) -> Sequence[str]:
        """Return the cells of a column."""
        if self._columns is None:
            self._columns = list(zip(*self.rows, strict=False))
        return self._columns[index] if self.rows else ()

    def raw_line(self, index: int) -> str:
        """Return the lines of a row."""
        return self.raw_lines[index]


class CsvFile(RowFile):
    """A delimited text file with a header."""

    is_text = True

    def __init__(self, text: TextSource, delimiter: str | None) -> None:
        self._lines = Lines(text)
        self._layout = read_layout(self._lines, text, delimiter)
        self.columns: tuple[str, ...] | None = self._layout.names
        self.delimiter: str | None = self._layout.delimiter

    def batches(self, wanted: Sequence[str] | None = None) -> Iterator[Batch]:  # noqa: ARG002
        """Read the rows after the header."""
        while block := self._lines.peek(BLOCK_LINES):
            batch = _read_block(block, self._lines.next_number, self._layout)
            if batch is not None:
                self._lines.drop(len(block))
            else:
                batch = _CarefulReader(self._lines, self._layout).read(len(block))
            yield batch


def _read_block(block: list[str], number: int, layout: CsvLayout) -> CsvBatch | None:
    """Read lines that are one sound row each, at the speed of C; None when they are not."""
    joined = "".join(block)
    if GUARD_SIGNS.search(joined) or any_too_long(block) or not is_sound(joined):
        return None
    width = len(layout.names)
    try:
        rows = list(csv.reader(block, delimiter=layout.delimiter, strict=True))
    except csv.Error:
        return None
    if len(rows) != len(block) or any(len(row) != width for row in rows):
        return None
    header = list(layout.names)
    if any(row == header or not "".join(row).strip() for row in rows):
        return None
    numbers = range(number, number + len(block))
    return CsvBatch(numbers, layout.names, rows=rows, raw_lines=block)


class _CarefulReader:
    """Reads rows one by one, so that each bad one costs itself and no other."""

    def __init__(self, lines: Lines, layout: CsvLayout) -> None:
        self._lines = lines
        self._layout = layout
        self._parser = csv.reader(lines, delimiter=layout.delimiter, strict=True)
        self._numbers: list[int] = []
        self._raw: list[str] = []
        self._batch = CsvBatch(self._numbers, layout.names, raw_lines=self._raw)

    def read(self, line_count: int) -> CsvBatch:
        """Read the rows that begin in so many lines."""
        end = self._lines.next_number + line_count
        while (number := self._lines.begin_record()) < end:
            try:
                cells = next(self._parser)
            except StopIteration:
                break
            except TooLong:
                self._reject(number, "longer than any row, or a quote is never closed")
            except csv.Error:
                self._reject(number, NEVER_CLOSED)
            else:
                self._take(number, cells)
        return self._batch

    def _take(self, number: int, cells: list[str]) -> None:
        record = self._lines.record()
        if not "".join(cells).strip():
            self._batch.blank += 1
            return
        width = len(self._layout.names)
        fits = width <= len(cells) <= self._layout.full_width
        if not fits and (len(cells) < width or "".join(cells[self._layout.full_width :]).strip()):
            whole = not any(self._width_of(line) >= width for line in record[1:])
            reason = f"{width} fields expected, {len(cells)} found"
            self._reject(number, reason, len(record) if whole else 1)
        elif self._swallows_rows(record):
            self._reject(number, NEVER_CLOSED)
        elif not is_sound(raw := "".join(record)):
            self._batch.bad.append(BadRow(number, NOT_IN_ENCODING, raw))
        elif tuple(cell.strip() for cell in cells[:width]) == self._layout.names:
            self._batch.bad.append(BadRow(number, "repeats the header", raw))
        else:
            self._numbers.append(number)
            self._raw.append(raw)
            self._batch.rows.append([without_guard(cell) for cell in cells[:width]])

    def _reject(self, number: int, reason: str, line_count: int = 1) -> None:
        # The lines behind the first may be good rows: they are read again, each by itself.
        self._batch.bad.append(BadRow(number, reason, self._lines.keep(line_count)))
        self._parser = csv.reader(self._lines, delimiter=self._layout.delimiter, strict=True)

    def _swallows_rows(self, record: list[str]) -> bool:
        """Say whether the lines inside of a quoted cell are rows by themselves."""
        width = len(self._layout.names)
        inside = [self._width_of(line) == width for line in record[1:-1]]
        # Prose has a line with three commas now and then, but hardly one with as many as a table.
        if width >= WIDE_TABLE:
            return any(inside)
        return width >= NARROW_TABLE and bool(inside) and all(inside)

    def _width_of(self, line: str) -> int:
        try:
            return len(next(csv.reader([line], delimiter=self._layout.delimiter, strict=True), []))
        except csv.Error:
            return 0
