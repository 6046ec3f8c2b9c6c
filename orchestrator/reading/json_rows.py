"""Reads JSON: one object per line, or one array of objects."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orchestrator.reading.batches import BadRow, Batch, RowFile
from orchestrator.reading.casting import is_sound
from orchestrator.reading.csv_rows import NOT_IN_ENCODING
from orchestrator.reading.json_array import array_items
from orchestrator.reading.lines import Lines, TooLong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestrator.reading.text_files import TextSource

BATCH_ROWS: Final = 5_000


@dataclass
class JsonBatch(Batch):
    """Rows as objects."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    raw_lines: list[str] = field(default_factory=list)

    def column_at(self, index: int) -> Sequence[Any]:
        """Return the values of a key; an object without it has none."""
        name = self.names[index]
        return [row.get(name) for row in self.rows]

    def raw_line(self, index: int) -> str:
        """Return the object as it stands in the file."""
        return self.raw_lines[index]


class JsonFile(RowFile):
    """A text file of JSON objects; its columns are all the keys of all of them."""

    def __init__(self, text: TextSource) -> None:
        self._name = text.name
        self._keys: dict[str, None] = {}
        self._lines = Lines(text)
        while (first := self._lines.peek(1)) and not first[0].strip():
            self._lines.drop(1)
        self._is_array = bool(first) and first[0].lstrip().startswith("[")
        if self._is_array:
            # All of it may stand in one line.
            self.place = "element"

    def batches(self, wanted: Sequence[str] | None = None) -> Iterator[Batch]:  # noqa: ARG002
        """Read the objects."""
        numbers: list[int] = []
        batch = JsonBatch(numbers, ())
        for number, raw, problem in self._objects():
            self._take(batch, numbers, number, raw, problem)
            if len(numbers) + len(batch.bad) >= BATCH_ROWS:
                yield self._finished(batch)
                numbers = []
                batch = JsonBatch(numbers, ())
        yield self._finished(batch)

    def _finished(self, batch: JsonBatch) -> JsonBatch:
        for row in batch.rows:
            if not row.keys() <= self._keys.keys():
                self._keys.update(dict.fromkeys(row))
        batch.names = tuple(self._keys)
        return batch

    @staticmethod
    def _take(batch: JsonBatch, numbers: list[int], number: int, raw: str, problem: str) -> None:
        if not raw.strip():
            batch.blank += 1
            return
        values, reason = (None, problem) if problem else _parsed(raw)
        if values is None:
            batch.bad.append(BadRow(number, reason, raw))
            return
        numbers.append(number)
        batch.rows.append(values)
        batch.raw_lines.append(raw)

    def _objects(self) -> Iterator[tuple[int, str, str]]:
        """Hand out the text of each object with its line, or with why it is none."""
        lines = self._lines
        if self._is_array:
            for number, raw in enumerate(array_items(lines, self._name), start=1):
                yield number, raw, ""
            return
        while True:
            number = lines.begin_record()
            try:
                yield number, next(lines), ""
            except StopIteration:
                return
            except TooLong:
                yield number, lines.keep(1), "longer than any row"


def _parsed(raw: str) -> tuple[dict[str, Any] | None, str]:
    if not is_sound(raw):
        return None, NOT_IN_ENCODING
    try:
        values = json.loads(raw, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        return None, f"no valid JSON (character {error.pos + 1})"
    except RecursionError:
        return None, "no valid JSON: nested too deeply"
    except ValueError as error:
        return None, str(error) if str(error).startswith("key ") else "no valid JSON: a huge number"
    return (values, "") if isinstance(values, dict) else (None, "not a JSON object")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"key '{twice[:80]}' appears twice in an object")
    return values


def _constant(name: str) -> float | None:
    return None if name == "NaN" else float(name)
