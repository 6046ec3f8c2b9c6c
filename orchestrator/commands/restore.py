"""`concord restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.backup.restore import Origin


@click.command()
@click.argument("backup_id", required=False)
@click.option(
    "--published",
    "name",
    metavar="NAME",
    help="Bring the published tables back that `concord backup --published NAME` kept.",
)
@click.option("--table", "names", multiple=True, help="Only this table; may be repeated.")
@click.option(
    "--from",
    "origin",
    type=click.Choice(["snapshot", "export"]),
    default="snapshot",
    show_default=True,
    help="Which of the two copies to take.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def restore(
    backup_id: str | None,
    name: str | None,
    names: tuple[str, ...],
    origin: Origin,
    yes: bool,  # noqa: FBT001 - click passes it by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """Bring tables back from the backup BACKUP_ID (see `concord backup --list`).

    Every table is first restored beside the real one, and its rows are counted and hashed. Only
    when all of them are as they were at the backup is anything replaced. What was added since the
    backup is lost: back up first.

    `--published NAME` replaces what others read instead. Ledger and history stay: the next good run
    publishes anew.
    """
    from orchestrator.backup.make import read_backup
    from orchestrator.backup.restore import chosen_tables, restore_tables
    from orchestrator.bigquery.connect import connect
    from orchestrator.command_line.confirmed import is_confirmed
    from orchestrator.commands.published import bring_back
    from orchestrator.errors import EXIT_FAILED, EXIT_OK
    from orchestrator.lock.hold import hold_lock
    from orchestrator.settings.values import load_settings

    if (backup_id is None) == (name is None):
        raise click.UsageError("name a backup, or what is kept with --published")
    settings = load_settings()
    if backup_id is None:
        return bring_back(settings, str(name), yes=yes, as_json=as_json)
    backup = read_backup(settings, backup_id)
    tables = chosen_tables(backup, names)
    for table in tables:
        click.echo(f"{table.table:<50}{table.rows:>12,} rows", err=as_json)
    question = f"Replace these {len(tables)} tables in {settings.project}?"
    if not yes and not is_confirmed(question, "--yes replaces without asking"):
        click.echo("Nothing was replaced.", err=True)
        return EXIT_FAILED
    # No run may write into the tables meanwhile.
    with hold_lock(settings, f"restore of {backup_id}") as lock:
        restore_tables(connect(settings), backup, tables, origin, lock)
    if as_json:
        restored = [{"table": table.table, "rows": table.rows} for table in tables]
        print_json({"backup_id": backup_id, "origin": origin, "tables": restored})
    else:
        counted = f"{len(tables)} tables from the {origin}s of {backup_id}"
        click.echo(f"Restored {counted}; rows verified.")
    return EXIT_OK
