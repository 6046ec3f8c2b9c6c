"""`concord unload`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.command_line.as_json import json_option, print_json


@click.command()
@click.argument("table", metavar="SOURCE.TABLE")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@json_option
def unload(table: str, files: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001
    """Take FILES back out of a raw table: their rows, and the rows that were rejected.

    A file is known by its content, as by `concord load`; one that is not there any more by its
    name. The next run builds without its rows: records that are gone leave their persons.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.load.unload_file import unload_file
    from orchestrator.settings.values import load_settings
    from orchestrator.sources.source_schemas import raw_table, read_raw_tables

    settings = load_settings()
    raw = raw_table(read_raw_tables(settings.project_dir), table)
    connection = connect(settings)
    results = [unload_file(connection, raw, path) for path in files]
    if as_json:
        print_json(results)
        return
    for result in results:
        click.echo(f"{result.file_name}: {result.rows_removed:,} rows removed from {table}")
