"""Opens a file of any format: the one reader of `concord load` and `concord resolve`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestrator.reading.csv_rows import CsvFile
from orchestrator.reading.file_kind import file_format
from orchestrator.reading.json_rows import JsonFile
from orchestrator.reading.text_files import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.reading.batches import RowFile
    from orchestrator.reading.file_options import FileOptions


@contextmanager
def open_file(path: Path, options: FileOptions) -> Iterator[RowFile]:
    """Open a file for reading batch by batch."""
    kind = file_format(path)
    if kind == "workbook":
        from orchestrator.reading.workbook_rows import WorkbookFile

        yield WorkbookFile(path, options.sheet)
        return
    if kind == "parquet":
        from orchestrator.reading.parquet_rows import ParquetFile

        yield ParquetFile(path)
        return
    with open_text(path, options.encoding) as text:
        yield CsvFile(text, options.delimiter) if kind == "csv" else JsonFile(text)
