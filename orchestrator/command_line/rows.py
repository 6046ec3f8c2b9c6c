"""Rows for people: aligned columns, and a reason in words under the row that it belongs to.

On a terminal nothing is wider than it: long names lose their middle, reasons are wrapped. In a
file, a pipe or a mail every row is one line, and nothing is cut: a program may look for it there.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INDENT: Final = "    "
LEAST_NAME: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by the names of their columns, the last one the longest."""

    cells: dict[str, str]
    reason: str = ""


def row_lines(rows: Sequence[Row], figures: frozenset[str], width: int | None) -> Iterator[str]:
    """Write rows below the names of their columns; `figures` are the columns set to the right.

    `width` is that of the terminal, None where there is none.
    """
    names = list(rows[0].cells)
    wide = {name: max(len(name), *(len(row.cells[name]) for row in rows)) for name in names}
    gap = "  "
    if width is not None:
        gap = "  " if sum(wide.values()) + 2 * (len(names) - 1) <= width else " "
        others = sum(wide[name] for name in names[:-1]) + len(gap) * (len(names) - 1)
        wide[names[-1]] = min(wide[names[-1]], max(LEAST_NAME, width - others))
    for row in (Row({name: name for name in names}), *rows):
        cells = (
            _shortened(row.cells[name], wide[name]).rjust(wide[name])
            if name in figures
            else _shortened(row.cells[name], wide[name]).ljust(wide[name])
            for name in names
        )
        yield gap.join(cells).rstrip()
        if row.reason:
            yield from _reason_lines(row.reason, width)


def _reason_lines(reason: str, width: int | None) -> list[str]:
    text = " ".join(reason.split())
    if width is None:
        return [INDENT + text]
    return textwrap.wrap(text, max(width, 40), initial_indent=INDENT, subsequent_indent=INDENT)


def _shortened(text: str, width: int) -> str:
    """Cut the middle out of a text that is too long: names differ at their ends."""
    if len(text) <= width:
        return text
    end = (width - 3) // 2
    return f"{text[: width - 3 - end]}...{text[-end:]}"
