"""The columns of a file that a mapping reads, batch by batch as Arrow tables of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError
from orchestrator.reading.casting import CastError, is_sound, text_of_any
from orchestrator.reading.column_names import match_columns
from orchestrator.reading.csv_rows import NOT_IN_ENCODING
from orchestrator.reading.text_files import OTHER_ENCODING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from orchestrator.mapping.mapping import Mapping
    from orchestrator.reading.batches import BadRow, Batch, RowFile
    from orchestrator.reading.file_options import FileOptions

TABLE_ROWS: Final = 50_000


class MappedBatches:
    """Reads a file for a mapping and counts what it leaves out."""

    def __init__(
        self,
        file: RowFile,
        file_name: str,
        mapping: Mapping,
        options: FileOptions,
        *,
        keeps_columns: bool = False,
    ) -> None:
        """With `keeps_columns` the tables have every column of the file too, as `o0`, `o1`, ..."""
        self._keeps_columns = keeps_columns
        self._file = file
        self._name = file_name
        self._mapping = mapping
        self._options = options
        self._columns = mapping.file_columns()
        self._position = 0
        self.has_lists = not file.is_text
        self.names: tuple[str, ...] = file.columns or ()
        self.skipped_rows = 0
        # Kept only where such rows are skipped and somebody asks for them.
        self.bad_rows: list[BadRow] | None = None
        self.first_bad = ""
        self.blank_lines = 0
        self.trimmed_ids = 0

    def tables(self) -> Iterator[pa.Table]:
        """Read the rows; refuse a row that cannot be read unless such rows are to be skipped."""
        import pyarrow as pa

        wanted = None
        if self._file.columns is not None:
            wanted = tuple(self._mapping.check_file(self._name, self._file.columns).values())
        if self._keeps_columns:
            wanted = None
        parts: list[pa.Table] = []
        for batch in self._file.batches(wanted):
            self.blank_lines += batch.blank
            self._leave_out(batch.bad)
            if batch.line_numbers:
                self.names = batch.names
                parts.append(self._table(batch))
            if sum(part.num_rows for part in parts) >= TABLE_ROWS:
                yield pa.concat_tables(parts, promote_options="default")
                parts = []
        if parts:
            yield pa.concat_tables(parts, promote_options="default")
        if self._position:
            self._mapping.check_file(self._name, self.names)

    def _leave_out(self, bad: Sequence[BadRow]) -> None:
        self.skipped_rows += len(bad)
        if not bad:
            return
        first = min(bad, key=lambda row: row.line_number)
        self.first_bad = self.first_bad or f"{self._file.place} {first.line_number}: {first.reason}"
        if self.bad_rows is not None:
            self.bad_rows += bad
            return
        if self._options.skip_bad_rows:
            return
        skip = "leave such rows out with --skip-bad-rows"
        raise InputError(
            f"{self._name} cannot be read: {self.first_bad}",
            f"{OTHER_ENCODING}; or {skip}"
            if first.reason == NOT_IN_ENCODING
            else f"correct the {self._file.place}, or {skip}",
        )

    def _table(self, batch: Batch) -> pa.Table:
        import pyarrow as pa

        count = len(batch.line_numbers)
        found = match_columns(self._columns, batch.names).found
        unusable = [0] * count
        arrays: dict[str, pa.Array] = {}
        for number, column in enumerate(self._columns):
            values = batch.column(found[column]) if column in found else [None] * count
            if self._file.is_text and column in found:
                arrays[f"t{number}"] = pa.array(values, pa.string())
                continue
            texts, lists = _texts(values, unusable)
            arrays[f"t{number}"] = pa.array(texts, pa.string())
            arrays[f"l{number}"] = pa.array(lists or [None] * count, pa.list_(pa.string()))
        start = self._position
        self._position += count
        arrays["position"] = pa.array(range(start + 1, start + count + 1), pa.int64())
        arrays["line_number"] = pa.array(batch.line_numbers, pa.int64())
        arrays["record_id"] = pa.array(self._ids(batch, arrays), pa.string())
        arrays["unusable"] = pa.array(unusable, pa.int32())
        if self._keeps_columns:
            arrays |= self._kept(batch)
        return pa.table(arrays)

    def _kept(self, batch: Batch) -> dict[str, pa.Array]:
        import pyarrow as pa

        kept = {}
        for index in range(len(batch.names)):
            values = batch.column_at(index)
            if not self._file.is_text:
                values, _ = _texts(values, [0] * len(values))
            kept[f"o{index}"] = pa.array(values, pa.string())
        return kept

    def _ids(self, batch: Batch, arrays: dict[str, pa.Array]) -> list[str | None]:
        column = self._mapping.record_id
        if self._mapping.is_numbered:
            return [str(number) for number in batch.line_numbers]
        ids = arrays[f"t{self._columns.index(column)}"].to_pylist()
        trimmed = [None if value is None else value.strip() for value in ids]
        self.trimmed_ids += sum(new != old for new, old in zip(trimmed, ids, strict=True))
        return trimmed


def _texts(
    values: Sequence[Any], unusable: list[int]
) -> tuple[Sequence[str | None], list[list[str | None] | None]]:
    """Return the values as text, and those that are lists as lists too."""
    if set(map(type, values)) == {str} and is_sound("".join(values)):
        return values, []
    texts: list[str | None] = []
    lists: list[list[str | None] | None] = []
    for index, value in enumerate(values):
        text: str | None = None
        items: list[str | None] | None = None
        try:
            if isinstance(value, list):
                items = [None if item is None else text_of_any(item) for item in value]
                text = " ".join(item for item in items if item)
            else:
                text = text_of_any(value) if value is not None else None
        except (CastError, ValueError, RecursionError):
            unusable[index] += 1
            items = None
        texts.append(text)
        lists.append(items)
    return texts, lists if any(items is not None for items in lists) else []
