"""`concord load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.load.load_file import LoadResult


@click.command()
@click.argument("table", metavar="SOURCE.TABLE")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(path_type=Path),
)
@click.option("--again", is_flag=True, help="Replace the earlier load of the same file.")
@click.option("--map", "mapping", type=click.Path(path_type=Path), help="Mapping of the columns.")
@click.option(
    "--replace-source", metavar="NAME", help="FILES are all of this source: its other rows go."
)
@click.option("--sheet", help="Sheet of a workbook, where several hold something.")
@click.option("--encoding", default="utf-8", show_default=True, help="Encoding of a text file.")
@click.option("--delimiter", help="Column separator; found in the header when not given.")
@click.option(
    "--max-rejected",
    default="5%",
    show_default=True,
    help="Share of rows that may be rejected; with more of them nothing is loaded.",
)
@click.option(
    "--ignore-columns", is_flag=True, help="Load a file though most of its columns are not known."
)
@json_option
def load(
    table: str,
    files: tuple[Path, ...],
    again: bool,  # noqa: FBT001 - click passes it by name
    mapping: Path | None,
    replace_source: str | None,
    sheet: str | None,
    encoding: str,
    delimiter: str | None,
    max_rejected: str,
    ignore_columns: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Load FILES (CSV, Excel, JSON, Parquet) into a raw table, for example salesforce.contact.

    Rows that cannot be read go to the table's __rejected table with line number and reason. A
    file is known by its content: it is loaded once, and when it is read with another --encoding or
    --delimiter, or through another --map, it replaces what it had loaded.

    Without --map the columns are those of the table. A mapping is that of `concord resolve`, as
    `concord init` writes it.

    \b
    concord load files.people dec.csv --map mapping.yml --replace-source shop
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.progress import TerminalReporter
    from orchestrator.load.load_file import load_file
    from orchestrator.load.replace_source import checked_source
    from orchestrator.load.replace_source import replace_source as remove_other_rows
    from orchestrator.mapping.for_table import checked_mapping
    from orchestrator.reading.file_kind import display_name
    from orchestrator.reading.file_options import FileOptions, share_of
    from orchestrator.reading.text_files import content_hash
    from orchestrator.settings.values import load_settings
    from orchestrator.sources.source_schemas import raw_table, read_raw_tables
    from orchestrator.steps import StepClock

    options = FileOptions(
        encoding,
        delimiter,
        max_rejected=share_of(max_rejected),
        ignore_columns=ignore_columns,
        sheet=sheet,
    )
    settings = load_settings()
    columns = None if mapping is None else checked_mapping(mapping, table, settings)
    raw = raw_table(read_raw_tables(settings.project_dir), table)
    connection = connect(settings)
    source = None if replace_source is None else checked_source(replace_source, raw)
    clock = StepClock(TerminalReporter())
    exit_code = 0
    results: list[LoadResult] = []
    for path in files:
        with clock.step(display_name(path)):
            result = load_file(
                connection,
                raw,
                path,
                options,
                again=again,
                mapping=columns,
                source=source,
                on_rows=lambda rows: clock.update(f"{rows:,} rows read"),
            )
        results.append(result)
        click.echo(_result_text(result, table), err=as_json)
        if result.rows_rejected and not result.rows_loaded:
            exit_code = 1
    if source is not None and exit_code == 0:
        hashes = [content_hash(path) for path in files]
        removed = remove_other_rows(connection, raw, source, hashes)
        click.echo(
            f"{removed:,} rows of {source} that other files had brought are gone", err=as_json
        )
    if as_json:
        print_json(results)
    return exit_code


def _result_text(result: LoadResult, table: str) -> str:
    if result.is_known:
        return f"{result.file_name}: loaded before, nothing done (use --again to replace it)"
    if not result.rows_read:
        return f"{result.file_name}: no rows"
    counts = f"{result.rows_read:,} rows read, {result.rows_loaded:,} loaded"
    lines = [f"{result.file_name}: {counts}, {result.rows_rejected:,} rejected"]
    if result.unknown_columns:
        lines.append(f"  not in {table}, left out: {', '.join(result.unknown_columns)}")
    lines += [
        f"  {count:,} ids are also in {name}, of the same source_system: of such rows the one that "
        "changed last counts. Where they are others, give each file a source_system of its own"
        for name, count in result.shared_ids
    ]
    if result.values_unusable:
        lines.append(f"  {result.values_unusable:,} values left out, their rows are loaded")
    if result.blank_lines:
        lines.append(f"  {result.blank_lines:,} empty lines left out")
    if result.trimmed_keys:
        lines.append(f"  {result.trimmed_keys:,} ids had spaces around them, which are gone")
    lines += [f"  {example}" for example in result.examples]
    if result.rows_rejected and not result.rows_loaded:
        lines.append("  nothing was loaded; correct the file and load it again")
    elif result.rows_rejected + result.values_unusable > len(result.examples):
        lines.append(f"  see raw_{table}__rejected and raw_{table}__unusable_values for the rest")
    return "\n".join(lines)
