"""`concord restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orchestrator.backup.restore import Origin


@click.command()
@click.argument("backup_id")
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
def restore(
    backup_id: str,
    names: tuple[str, ...],
    origin: Origin,
    yes: bool,  # noqa: FBT001 - click passes it by name
) -> None:
    """Bring tables back from the backup BACKUP_ID (see `concord backup --list`).

    Every table is first restored beside the real one, and its rows are counted and hashed. Only
    when all of them are as they were at the backup is anything replaced. What was added since the
    backup is lost: back up first.
    """
    from orchestrator.backup.make import read_backup
    from orchestrator.backup.restore import chosen_tables
    from orchestrator.backup.restore import restore as bring_back
    from orchestrator.lock.hold import hold_lock
    from orchestrator.settings import load_settings
    from orchestrator.warehouse_client import connect

    settings = load_settings()
    backup = read_backup(settings, backup_id)
    tables = chosen_tables(backup, names)
    for table in tables:
        click.echo(f"{table.table:<50}{table.rows:>12,} rows")
    if not yes:
        click.confirm(f"Replace these {len(tables)} tables in {settings.project}?", abort=True)
    # No run may write into the tables meanwhile.
    with hold_lock(settings, f"restore of {backup_id}"):
        bring_back(connect(settings), backup, tables, origin)
    click.echo(f"Restored {len(tables)} tables from the {origin}s of {backup_id}; rows verified.")
