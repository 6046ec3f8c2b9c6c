"""Stops a load that would lose more than the user accepts, before anything is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.reading.csv_rows import NOT_IN_ENCODING
from orchestrator.reading.text_files import OTHER_ENCODING

if TYPE_CHECKING:
    from orchestrator.load.row_sorter import RowSorter
    from orchestrator.reading.file_options import FileOptions

# A column is judged by its values when so many of them cannot be used.
VALUES_THAT_TELL: Final = 20


def check_losses(file_name: str, sorter: RowSorter, options: FileOptions) -> None:
    """Refuse a file with too many rejected rows, or a column with too many unusable values."""
    limit = options.max_rejected
    rows, rejected = sorter.row_count, sorter.reasons.total()
    if rejected > limit * rows:
        reasons = "; ".join(
            f"{count:,} x {reason}" for reason, count in sorter.reasons.most_common(3)
        )
        raise InputError(
            f"{rejected:,} of {rows:,} rows of {file_name} cannot be loaded ({reasons}), more "
            f"than {100 * limit:.4g}%; nothing was loaded. {'; '.join(sorter.examples[:2])}",
            _advice(sorter, rows, rejected),
        )
    for name, count in sorter.unusable.most_common():
        if count >= VALUES_THAT_TELL and count > limit * sorter.filled[name]:
            raise InputError(
                f"{count:,} of {sorter.filled[name]:,} values in column {name} of {file_name} "
                f"cannot be used; nothing was loaded. {'; '.join(sorter.examples[:2])}",
                f"correct the column, or accept it with {_accepting(count, sorter.filled[name])}",
            )


def _advice(sorter: RowSorter, rows: int, rejected: int) -> str:
    accept = f"accept the loss with {_accepting(rejected, rows)}"
    if 2 * sorter.reasons[NOT_IN_ENCODING] >= rejected:
        return f"{OTHER_ENCODING}; or {accept}"
    return f"correct the rows, or {accept}"


def _accepting(lost: int, of: int) -> str:
    return f"--max-rejected {min(100, lost * 100 // of + 1)}%"
