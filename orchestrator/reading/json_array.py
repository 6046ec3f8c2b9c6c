"""Cuts an array of JSON into its elements without holding all of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.reading.lines import MAX_LINE_CHARACTERS, READ_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.reading.lines import Lines

BLANKS: Final = " \t\r\n"
ADVICE: Final = "write one JSON object a line, or one array of objects"


def array_items(lines: Lines, name: str) -> Iterator[str]:
    """Hand out the text of each element."""
    buffer = _Buffer(lines)
    buffer.skip_blanks()
    buffer.take(1)
    sign = buffer.skip_blanks()
    while sign and sign != "]":
        yield buffer.take(_item_size(buffer, name))
        sign = buffer.skip_blanks()
        if sign == ",":
            buffer.take(1)
            sign = buffer.skip_blanks()
        elif sign and sign != "]":
            raise _broken(name, buffer.number)
    buffer.take(1)
    if not sign or buffer.skip_blanks():
        raise _broken(name, buffer.number)


class _Buffer:
    """Text that is read as needed, and the line that its next character stands in."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.text = ""
        self.position = 0
        self.number = lines.next_number

    def grow(self) -> bool:
        """Read on; False at the end."""
        rest = self.text[self.position :]
        parts = [rest]
        missing = len(rest) + READ_CHARACTERS
        while missing > 0 and (block := self._lines.peek(1_000)):
            self._lines.drop(len(block))
            parts += block
            missing -= sum(map(len, block))
        self.text = "".join(parts)
        self.position = 0
        return len(self.text) > len(rest)

    def take(self, count: int) -> str:
        """Return the next characters and go behind them."""
        taken = self.text[self.position : self.position + count]
        self.number += taken.count("\n") or taken.count("\r")
        self.position += count
        return taken

    def skip_blanks(self) -> str:
        """Skip white space; return the next character, or nothing at the end."""
        while True:
            while (sign := self.text[self.position : self.position + 1]) and sign in BLANKS:
                self.take(1)
            if sign or not self.grow():
                return sign


def _item_size(buffer: _Buffer, name: str) -> int:
    decoder = json.JSONDecoder()
    while True:
        try:
            end = decoder.raw_decode(buffer.text, buffer.position)[1]
        except RecursionError as error:
            raise _broken(name, buffer.number) from error
        except ValueError as error:
            unread = len(buffer.text) - buffer.position
            if unread > MAX_LINE_CHARACTERS or not buffer.grow():
                raise _broken(name, buffer.number) from error
        else:
            # A number at the end of the buffer may go on behind it.
            if end < len(buffer.text) or not buffer.grow():
                return end - buffer.position


def _broken(name: str, number: int) -> InputError:
    return InputError(f"{name} is not valid JSON from line {number} on", ADVICE)
