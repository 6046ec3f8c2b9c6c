"""Writes tables as CSV, Excel workbooks and Parquet."""

from __future__ import annotations

import codecs
import re
import shutil
from typing import TYPE_CHECKING, Final

from orchestrator.mapping.mapped_sql import quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from orchestrator.resolve.output.tables import OutputTable

FORMATS: Final = ("csv", "xlsx", "parquet")
# Excel takes text for a formula that begins with one of these. A number with its sign is none, and
# `+49 (30) 12 34` is what a telephone number looks like; everything else gets a quotation mark in
# front, which Excel shows as text and `concord` takes off again when it reads the file.
FORMULA: Final = r"^[=@\t\r]|^[+-].*[^\d\s().,/-]"
IS_FORMULA: Final = re.compile(FORMULA, re.DOTALL)


def write_table(
    connection: duckdb.DuckDBPyConnection,
    table: OutputTable,
    folder: Path,
    formats: Iterable[str],
    delimiter: str,
) -> None:
    """Write one table in each format."""
    connection.execute(f"create or replace temp table output as {table.sql}")
    for ending in formats:
        path = folder / f"{table.name}.{ending}"
        if ending == "csv":
            _write_csv(connection, path, delimiter)
        elif ending == "parquet":
            connection.execute(f"copy output to {quoted(str(path))} (format parquet)")
        else:
            # It takes a moment to import.
            from orchestrator.resolve.output.workbook import write_workbook

            write_workbook(connection, table, path)
    connection.execute("drop table output")


def _write_csv(connection: duckdb.DuckDBPyConnection, path: Path, delimiter: str) -> None:
    described = connection.execute("describe output").fetchall()
    cells = ", ".join(
        _guarded(name) if kind == "VARCHAR" else quoted_name(name) for name, kind, *_ in described
    )
    headers = [f"'{name}" if IS_FORMULA.search(name) else name for name, *_ in described]
    renamed = ", ".join(quoted_name(name) for name in headers)
    rows = path.with_suffix(".rows")
    connection.execute(
        f"copy (select * from (select {cells} from output) as t ({renamed})) "
        f"to {quoted(str(rows))} (format csv, header, delimiter {quoted(delimiter)})"
    )
    with path.open("wb") as file, rows.open("rb") as written:
        # By this mark Excel knows that it is UTF-8.
        file.write(codecs.BOM_UTF8)
        shutil.copyfileobj(written, file)
    rows.unlink()


def _guarded(name: str) -> str:
    cell = f"nullif({quoted_name(name)}, '')"
    return f"if(regexp_matches({cell}, {quoted(FORMULA)}, 's'), '''' || {cell}, {cell})"
