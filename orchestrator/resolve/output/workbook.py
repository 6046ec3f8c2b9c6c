"""Writes a table as an Excel workbook that is pleasant to look through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from orchestrator.errors import InputError
from orchestrator.mapping.mapped_sql import free_name, quoted_name

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from orchestrator.resolve.output.tables import OutputTable

# Of a sheet, with its header.
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
MOST_CHARACTERS: Final = 32_767
BATCH_ROWS: Final = 10_000
# Pale enough to read on; neighbours differ.
GROUP_COLOURS: Final = ("#FFF2CC", "#DDEBF7", "#E2EFDA", "#FCE4D6", "#EDE7F6", "#E0F2F1")
HEADER_COLOUR: Final = "#37474F"
NARROWEST, WIDEST = 8, 40
# Rows that the widths are taken from.
MEASURED_ROWS: Final = 200


def check_size(row_count: int, column_count: int) -> None:
    """Refuse, before the work, what no sheet has room for."""
    for what, count, most in (
        ("rows", row_count, MOST_ROWS - 1),
        ("columns", column_count, MOST_COLUMNS),
    ):
        if count > most:
            raise InputError(
                f"a workbook would have {count:,} {what}, and a sheet has room for {most:,}",
                "leave xlsx out of --format",
            )


def write_workbook(connection: duckdb.DuckDBPyConnection, table: OutputTable, path: Path) -> None:
    """Write the table `output`: rows of one group beside each other, in one colour."""
    (count,) = connection.execute("select count(*) from output").fetchall()[0]
    names = [name for name, *_ in connection.execute("describe output").fetchall()]
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        # Text stays text: no formula, no link, no number is made of it.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.use_zip64()
        sheet = book.add_worksheet(table.name)
        header = book.add_format(
            {"bold": True, "font_color": "white", "bg_color": HEADER_COLOUR, "valign": "top"}
        )
        _lay_out(connection, sheet, names, count)
        for index, name in enumerate(names):
            sheet.write_string(0, index, name, header)
        for name, choices in table.choices.items():
            index = names.index(name)
            allowed = {"validate": "list", "source": list(choices)}
            sheet.data_validation(1, index, max(count, 1), index, allowed)
        _write_rows(connection, sheet, table, names, _group_formats(book))


def _lay_out(
    connection: duckdb.DuckDBPyConnection, sheet: Worksheet, names: list[str], count: int
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(count, 1), len(names) - 1)
    rows = connection.execute(f"from output limit {MEASURED_ROWS}").fetchall()
    for index, name in enumerate(names):
        longest = max([len(name) + 3, *(len(str(row[index] or "")) for row in rows)])
        sheet.set_column(index, index, min(max(longest + 1, NARROWEST), WIDEST))


def _group_formats(book: xlsxwriter.Workbook) -> list[Format]:
    return [book.add_format({"bg_color": colour}) for colour in GROUP_COLOURS]


def _write_rows(
    connection: duckdb.DuckDBPyConnection,
    sheet: Worksheet,
    table: OutputTable,
    names: list[str],
    colours: list[Format],
) -> None:
    group = table.group_column
    if group is None:
        result = connection.execute("select *, null, 1 from output")
    else:
        # Groups in the order of their first rows; a group of one has no colour.
        place, first, size = (free_name(f"concord {n}", names) for n in ("place", "first", "size"))
        result = connection.execute(
            f"""
            with numbered as (select *, row_number() over () as "{place}" from output),
            placed as (
                select
                    *,
                    min("{place}") over (partition by {quoted_name(group)}) as "{first}",
                    count(*) over (partition by {quoted_name(group)}) as "{size}",
                from numbered
            )
            select * exclude ("{place}") from placed order by "{first}", "{place}"
            """
        )
    colour: Format | None = None
    number, last, coloured = 0, None, 0
    while rows := result.fetchmany(BATCH_ROWS):
        for *cells, place, size in rows:
            if place != last:
                last = place
                coloured += size > 1
                colour = colours[coloured % len(colours)] if size > 1 else None
            number += 1
            for index in range(len(names)):
                _write_cell(sheet, number, index, cells[index], colour)


def _write_cell(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Any,  # noqa: ANN401 - of any column
    colour: Format | None,
) -> None:
    if value is None:
        if colour is not None:
            sheet.write_blank(row, column, None, colour)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, colour)
    else:
        sheet.write_string(row, column, str(value)[:MOST_CHARACTERS], colour)
