"""Hands out the lines of a text file and takes them back when they made no sense together."""

from __future__ import annotations

from collections import deque
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestrator.reading.text_files import TextSource

READ_CHARACTERS: Final = 1 << 20
MAX_LINE_CHARACTERS: Final = 4 << 20
MAX_RECORD_LINES: Final = 2_000


class TooLong(ValueError):
    """A line, or the lines of one record, are longer than any real row."""


def any_too_long(block: list[str]) -> bool:
    """Say whether a line is longer than any real row."""
    return max(map(len, block)) > MAX_LINE_CHARACTERS


class Lines:
    """An iterator over physical lines (ended by CR, LF or both) that knows its record."""

    def __init__(self, text: TextSource) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self._rest = ""
        self._skips = False
        self._record: list[str] = []
        self._size = 0
        self.next_number = 1

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if not self._waiting and not self._fill():
            raise StopIteration
        line = self._waiting.popleft()
        self._record.append(line)
        self._size += len(line)
        self.next_number += 1
        if self._size > MAX_LINE_CHARACTERS or len(self._record) > MAX_RECORD_LINES:
            raise TooLong
        return line

    def peek(self, count: int) -> list[str]:
        """Return the next lines, at most so many, without taking them."""
        while len(self._waiting) < count and self._fill():
            pass
        return list(islice(self._waiting, count))

    def drop(self, count: int) -> None:
        """Take so many of the lines that were looked at."""
        for _ in range(count):
            self._waiting.popleft()
        self.next_number += count

    def begin_record(self) -> int:
        """Forget the lines of the last record; return the number of the next line."""
        self._record = []
        self._size = 0
        return self.next_number

    def record(self) -> list[str]:
        """Return the lines of the current record, as they stand in the file."""
        return self._record

    def keep(self, count: int) -> str:
        """Take all lines of the record but the first ones back; return those."""
        kept, rest = self._record[:count], self._record[count:]
        self._waiting.extendleft(reversed(rest))
        self.next_number -= len(rest)
        self._record = kept
        return "".join(kept)

    def _fill(self) -> bool:
        """Read more lines; False at the end of the file."""
        while text := self._text.read(READ_CHARACTERS):
            lines = list(StringIO(self._rest + text, newline=""))
            self._rest = "" if lines[-1].endswith(("\n", "\r")) else lines.pop()
            if self._skips and lines:
                # The end of a line that is far too long, and was handed out without it.
                del lines[0]
                self._skips = False
            if self._skips:
                self._rest = ""
            elif len(self._rest) > MAX_LINE_CHARACTERS:
                lines.append(self._rest[: MAX_LINE_CHARACTERS + 1])
                self._rest = ""
                self._skips = True
            self._waiting.extend(lines)
            if lines:
                return True
        if not self._rest or self._skips:
            return False
        self._waiting.append(self._rest)
        self._rest = ""
        return True
