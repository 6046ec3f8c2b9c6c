"""What every reader gives: rows in batches, column by column, and the rows that are none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, and why."""

    line_number: int
    reason: str
    raw_line: str


@dataclass(frozen=True, slots=True)
class BadCell:
    """Stands for a value that cannot be used, and says why."""

    reason: str


@dataclass
class Batch(ABC):
    """Some rows of a file, in order. `blank` counts the lines that hold nothing."""

    line_numbers: Sequence[int]
    names: tuple[str, ...]
    bad: list[BadRow] = field(default_factory=list)
    blank: int = 0

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of the first column of that name, one per row."""
        return self.column_at(self.names.index(name))

    @abstractmethod
    def column_at(self, index: int) -> Sequence[Any]:
        """Return the values of a column by its place: names may repeat."""

    @abstractmethod
    def raw_line(self, index: int) -> str:
        """Return a row as it stands in the file."""


class RowFile(ABC):
    """A file that can be read once."""

    # Where a row stands: in a line of a text, in a row of a table.
    place = "line"
    # True where every value is text, as it stands in the file.
    is_text = False
    # None where they are known only when all rows have been read.
    columns: tuple[str, ...] | None = None
    # What separates the cells of a line, where something does.
    delimiter: str | None = None
    # Values that were left out before there were rows.
    dropped_cells = 0

    @abstractmethod
    def batches(self, wanted: Sequence[str] | None = None) -> Iterator[Batch]:
        """Read the rows; `wanted` are the columns that will be asked for, None means any."""
