"""The first rows of a file, read with the encoding that fits it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError
from orchestrator.proposal.value_shapes import is_date, is_email, looks_dialled
from orchestrator.reading.casting import CastError, text_of_any
from orchestrator.reading.csv_rows import CsvFile
from orchestrator.reading.file_kind import display_name
from orchestrator.reading.fitting_encoding import fitting_encoding
from orchestrator.reading.read_file import open_file

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.reading.file_options import FileOptions

SAMPLE_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class FileSample:
    """The columns of a file with the values of its first rows, and how it was read."""

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    rows: int
    is_whole: bool
    bad_rows: int
    options: FileOptions


def read_sample(path: Path, options: FileOptions) -> FileSample:
    """Read the first 2,000 rows; rows that cannot be read are counted and left out."""
    options = replace(options, encoding=fitting_encoding(path, options.encoding))
    values: dict[str, list[str]] = {}
    rows = bad_rows = 0
    is_whole = True
    with open_file(path, options) as file:
        if isinstance(file, CsvFile):
            options = replace(options, delimiter=file.delimiter)
        for batch in file.batches(_single(file.columns)):
            bad_rows += len(batch.bad)
            taken = min(len(batch.line_numbers), SAMPLE_ROWS - rows)
            for name in _single(batch.names) or ():
                found = [_text(value) for value in batch.column(name)[:taken]]
                values.setdefault(name, [""] * rows).extend(found)
            rows += taken
            for column in values.values():
                column += [""] * (rows - len(column))
            if rows >= SAMPLE_ROWS:
                is_whole = False
                break
        names = file.columns or tuple(values)
    if not rows:
        raise InputError(
            f"{display_name(path)} has no rows that can be read",
            "give a file with at least one row",
        )
    if any(is_email(name) or looks_dialled(name) or is_date(name) for name in names):
        raise values_as_names(path)
    columns = tuple(tuple(values.get(name, [""] * rows)) for name in names)
    return FileSample(names, columns, rows, is_whole, bad_rows, options)


def _single(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the names that stand once: of the others nobody can say which column is meant."""
    return names and tuple(name for name, count in Counter(names).items() if count == 1)


def values_as_names(path: Path) -> InputError:
    """Return the error for a first line that is a row: its values would be shown as names."""
    return InputError(
        f"the first line of {display_name(path)} holds values, not names of columns",
        "write a line with the names of the columns above it",
    )


def _text(value: Any) -> str:  # noqa: ANN401 - any value of any file
    if isinstance(value, list):
        return "; ".join(_text(item) for item in value if item is not None)
    try:
        return text_of_any(value) or "" if value is not None else ""
    except (CastError, ValueError, RecursionError):
        return ""
