"""Hands out the lines of a text file and takes them back when they made no sense together."""

from __future__ import annotations

from collections import deque
from typing import IO, Final

MAX_LINE_CHARACTERS: Final = 4 << 20
MAX_RECORD_LINES: Final = 10_000


class TooLong(ValueError):
    """A line, or the lines of one record, are longer than any real row."""


class Lines:
    """An iterator over physical lines that knows where the current record began."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._returned: deque[str] = deque()
        self._record: list[str] = []
        self._size = 0
        self.next_number = 1
        self.characters = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._read()
        if not line:
            raise StopIteration
        self._record.append(line)
        self._size += len(line)
        self.next_number += 1
        if self._size > MAX_LINE_CHARACTERS or len(self._record) > MAX_RECORD_LINES:
            raise TooLong(f"longer than {MAX_LINE_CHARACTERS:,} characters, or never closed")
        return line

    def begin_record(self) -> int:
        """Forget the lines of the last record; return the number of the next line."""
        self._record = []
        self._size = 0
        return self.next_number

    def record_text(self) -> str:
        """Return the lines of the current record, as they stand in the file."""
        return "".join(self._record)

    def keep_first_line(self) -> str:
        """Take all lines of the record but the first back; return the first."""
        first, *rest = self._record or [""]
        self._returned.extendleft(reversed(rest))
        self.next_number -= len(rest)
        return first

    def _read(self) -> str:
        line = self._text.readline(MAX_LINE_CHARACTERS)
        self.characters += len(line)
        if len(line) < MAX_LINE_CHARACTERS or line.endswith(("\n", "\r")):
            return line
        # The rest of a line that is far too long is of no use: skip it without keeping it.
        while rest := self._text.readline(MAX_LINE_CHARACTERS):
            self.characters += len(rest)
            if rest.endswith(("\n", "\r")):
                break
        return line + "\n"
