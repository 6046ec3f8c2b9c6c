"""Finds the header of a delimited file, and the character between its columns."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.reading.cell_guard import without_guard
from orchestrator.reading.lines import MAX_LINE_CHARACTERS, Lines, TooLong
from orchestrator.reading.text_files import wrong_encoding

if TYPE_CHECKING:
    from orchestrator.reading.text_files import TextSource

DELIMITERS: Final = (",", ";", "\t", "|")
# Excel writes this line itself when it is asked for another separator.
SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE | re.DOTALL)
# Reports with a title above the header have it within so many lines.
TITLE_LINES: Final = 20
COLUMNS_OF_A_TABLE: Final = 3
SHOWN_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """The columns of a file. Rows may be as wide as the header was with its unnamed end."""

    names: tuple[str, ...]
    full_width: int
    delimiter: str


def read_layout(lines: Lines, text: TextSource, delimiter: str | None) -> CsvLayout:
    """Take the lines up to the header off a file."""
    _skip_blank(lines)
    first = lines.peek(1)
    found = SEPARATOR_LINE.fullmatch(first[0]) if first else None
    if found:
        lines.drop(1)
        _skip_blank(lines)
        delimiter = delimiter or found.group(1)
    if not lines.peek(1):
        raise InputError(f"{text.name} has no header line", "write the column names in line 1")
    number = lines.next_number
    in_quotes = lines.peek(1)[0].lstrip().startswith('"')
    signs = (delimiter,) if delimiter else DELIMITERS
    cells, used = _header(lines, text, signs)
    _check_encoding(text, number, cells)
    if len(cells) == 1 and in_quotes and any(sign in cells[0] for sign in signs):
        raise _whole_lines_in_quotes(text, cells[0])
    _check_names(lines, text, number, cells, signs)
    names = tuple(without_guard(" ".join(cell.split())) for cell in cells)
    width = max(index for index, name in enumerate(names, start=1) if name)
    return CsvLayout(names[:width], len(names), used)


def _skip_blank(lines: Lines) -> None:
    while (line := lines.peek(1)) and not line[0].strip():
        lines.drop(1)


def _header(lines: Lines, text: TextSource, signs: tuple[str, ...]) -> tuple[list[str], str]:
    """Read the header with the delimiter that finds the most columns in it."""
    best: tuple[list[str], str] | None = None
    best_score = (False, 0)
    taken = 0
    csv.field_size_limit(MAX_LINE_CHARACTERS + 1)
    for candidate in signs:
        lines.begin_record()
        try:
            cells = next(csv.reader(lines, delimiter=candidate, strict=True))
        except (csv.Error, TooLong, StopIteration):
            cells = []
        size = len(lines.record())
        lines.keep(0)
        # Half of a pair of quotes in a cell: the sign stands inside of a quoted name.
        score = (bool(cells) and all(cell.count('"') % 2 == 0 for cell in cells), len(cells))
        if (score[0] or len(cells) > 1) and score > best_score:
            best, best_score, taken = (cells, candidate), score, size
    if best is None:
        raise InputError(
            f"the header of {text.name} (line {lines.next_number}) cannot be read: "
            "a quote in it is never closed, or stands inside a name",
            "correct the header line",
        )
    lines.drop(taken)
    return best


def _check_encoding(text: TextSource, number: int, cells: list[str]) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in "".join(cells)):
        raise wrong_encoding(text.name, text.encoding, number)


def _check_names(
    lines: Lines, text: TextSource, number: int, cells: list[str], signs: tuple[str, ...]
) -> None:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        raise InputError(
            f"the header of {text.name} (line {number}) names no column",
            "write the column names in line 1",
        )
    if len(filled) > 1:
        return
    for offset, line in enumerate(lines.peek(TITLE_LINES), start=lines.next_number):
        columns = max(_filled_columns(line, sign) for sign in signs)
        if columns >= COLUMNS_OF_A_TABLE:
            raise InputError(
                f"line {number} of {text.name} ('{filled[0][:SHOWN_CHARACTERS]}') is not a header: "
                f"line {offset} has {columns} columns",
                "delete the lines above the line with the column names",
            )


def _whole_lines_in_quotes(text: TextSource, header: str) -> InputError:
    return InputError(
        f"every line of {text.name} is in quotes as one single cell "
        f"('{header[:SHOWN_CHARACTERS]}')",
        "write the file again with quotes around single cells only",
    )


def _filled_columns(line: str, delimiter: str) -> int:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return 0
    return sum(bool(cell.strip()) for cell in cells)
