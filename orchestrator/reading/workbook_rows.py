"""Reads a sheet of a workbook: Excel's formats and LibreOffice's."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from orchestrator.errors import InputError, did_you_mean
from orchestrator.reading.batches import BadRow, Batch, RowFile
from orchestrator.reading.file_kind import AS_CSV, display_name, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BATCH_ROWS: Final = 5_000
# The library says what it found by these; what they say helps nobody who has the file.
DAMAGED: Final = (CalamineError, ValueError, OverflowError, KeyError)


@dataclass
class WorkbookBatch(Batch):
    """Rows as lists of cells."""

    rows: list[list[Any]] = field(default_factory=list)

    def column_at(self, index: int) -> Sequence[Any]:
        """Return the cells of a column; an empty one is no value."""
        return [None if row[index] == "" else row[index] for row in self.rows]

    def raw_line(self, index: int) -> str:
        """Return a row as JSON."""
        return json.dumps(self.rows[index], default=str, ensure_ascii=False)


class WorkbookFile(RowFile):
    """One sheet; its first row that is not empty names the columns."""

    place = "row"

    def __init__(self, path: Path, sheet: str | None) -> None:
        self._name = display_name(path)
        try:
            # By its content: one kind of workbook may have the name of another.
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
            self._sheet = _chosen_sheet(workbook, sheet, self._name)
            self._rows = workbook.get_sheet_by_name(self._sheet).to_python(skip_empty_area=False)
        except PasswordError as error:
            raise InputError(
                f"{self._name} is protected by a password", "save it without one"
            ) from error
        except OSError as error:
            raise unreadable(path, error) from error
        except DAMAGED as error:
            raise InputError(
                f"{self._name} is not a complete workbook",
                AS_CSV,
            ) from error
        self._first = next((i for i, row in enumerate(self._rows) if not _is_empty(row)), None)
        if self._first is None:
            raise InputError(
                f"sheet '{self._sheet}' of {self._name} is empty",
                "name another one with --sheet, or give a file with at least one row",
            )
        header = [" ".join(str(cell).split()) for cell in self._rows[self._first]]
        self._width = max(index for index, name in enumerate(header, start=1) if name)
        self.columns: tuple[str, ...] | None = tuple(header[: self._width])

    def batches(self, wanted: Sequence[str] | None = None) -> Iterator[Batch]:  # noqa: ARG002
        """Read the rows below the header."""
        names = self.columns or ()
        start = (self._first or 0) + 1
        for begin in range(start, len(self._rows), BATCH_ROWS):
            numbers: list[int] = []
            batch = WorkbookBatch(numbers, names)
            for number, row in enumerate(self._rows[begin : begin + BATCH_ROWS], start=begin + 1):
                if _is_empty(row):
                    batch.blank += 1
                elif not _is_empty(row[self._width :]):
                    reason = f"{self._width} cells expected, {_last_filled(row)} found"
                    batch.bad.append(BadRow(number, reason, json.dumps(row, default=str)))
                else:
                    numbers.append(number)
                    batch.rows.append(row[: self._width])
            yield batch


def _chosen_sheet(workbook: CalamineWorkbook, sheet: str | None, name: str) -> str:
    """Return the sheet that was asked for, or the only visible one that holds something."""
    names = workbook.sheet_names
    if sheet is not None:
        if sheet not in names:
            hint = did_you_mean(sheet, names)
            raise InputError(f"{name} has no sheet '{sheet}'{hint}", f"it has: {', '.join(names)}")
        return sheet
    visible = [
        one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible
    ]
    filled = [one for one in visible if workbook.get_sheet_by_name(one).height > 0]
    if len(filled) > 1:
        raise InputError(
            f"{name} has {len(filled)} sheets: {', '.join(filled)}",
            "name one of them with --sheet",
        )
    return (filled or names)[0]


def _is_empty(row: Sequence[Any]) -> bool:
    return all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _last_filled(row: Sequence[Any]) -> int:
    return max(index for index, cell in enumerate(row, start=1) if cell != "")
