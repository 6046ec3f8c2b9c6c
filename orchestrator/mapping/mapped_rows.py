"""What a mapping makes of a file, as rows of a raw table for `concord load`."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orchestrator.mapping.mapped_file import InputFile, MappedFiles, scratch_database
from orchestrator.mapping.mapped_sql import CellLimits
from orchestrator.reading.batches import BadRow, Batch, RowFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from orchestrator.sources.source_schemas import RawTable

BATCH_ROWS: Final = 5_000
# The loader judges the values itself, and notes those that cannot be used.
LOADED: Final = CellLimits(max_characters=1 << 31, keeps_times=True)


@dataclass
class MappedBatch(Batch):
    """Rows as the mapping makes them."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def column_at(self, index: int) -> Sequence[Any]:
        """Return the values of a column of the raw table."""
        return [row[index] for row in self.rows]

    def raw_line(self, index: int) -> str:
        """Return the values of a row as JSON: what they were made of is not kept."""
        row = dict(zip(self.names, self.rows[index], strict=True))
        return json.dumps(row, default=str, ensure_ascii=False)


class MappedRowFile(RowFile):
    """A file that has been read through its mapping; rows without an id are the reader's matter."""

    def __init__(self, mapped: MappedFiles, bad_rows: list[BadRow]) -> None:
        self._mapped = mapped
        self._bad_rows = bad_rows
        self.place = mapped.place
        self.dropped_cells = sum(one.dropped_cells for one in mapped.files)
        table = mapped.table
        names = ["source_system", *(column.name for column in table.mappable)]
        if "is_source_duplicate_free" in table.column_by_name:
            names.append("is_source_duplicate_free")
        self.columns: tuple[str, ...] | None = tuple(dict.fromkeys((table.key, *names)))

    def batches(self, wanted: Sequence[str] | None = None) -> Iterator[Batch]:  # noqa: ARG002
        """Read the rows, after those that could not be read."""
        names = self.columns or ()
        (facts,) = self._mapped.files
        yield MappedBatch([], names, bad=self._bad_rows, blank=facts.blank_lines)
        if not facts.row_count:
            return
        selected = ", ".join(f'"{name}"' for name in names)
        result = self._mapped.connection.execute(
            f"select line_number, {selected} from mapped order by position"
        )
        while rows := result.fetchmany(BATCH_ROWS):
            yield MappedBatch([row[0] for row in rows], names, rows=[row[1:] for row in rows])


@contextmanager
def open_mapped_rows(file: InputFile, table: RawTable, scratch: Path) -> Iterator[MappedRowFile]:
    """Read a file through its mapping; `scratch` is a folder for temporary data."""
    with scratch_database(scratch) as connection:
        mapped = MappedFiles(connection, table, limits=LOADED)
        bad_rows: list[BadRow] = []
        mapped.add(file, bad_rows=bad_rows)
        yield MappedRowFile(mapped, bad_rows)
