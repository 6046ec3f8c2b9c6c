"""`concord backup`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.backup.make import Backup


@click.command()
@click.option("--list", "only_list", is_flag=True, help="Show the backups there are.")
@click.option(
    "--published",
    "name",
    metavar="NAME",
    help="Keep the published tables instead, under a name, for a week.",
)
@json_option
def backup(only_list: bool, name: str | None, as_json: bool) -> None:  # noqa: FBT001 - by name
    """Back up the tables that cannot be computed again.

    Those are the run log, the history of models and of quality, and dbt's snapshots; a model or
    source joins them by `meta: {cannot_be_recomputed: true}`.

    Each becomes a table snapshot in <dataset>_backup, which expires after CONCORD_BACKUP_KEEP_DAYS,
    and a Parquet file in CONCORD_BACKUP_PLACE (a folder, or gs://bucket/folder).

    `--published NAME` is for deployments: it copies what others read into <dataset>_previous, from
    where `concord restore --published NAME` brings it back.
    """
    from datetime import UTC, datetime

    from orchestrator.backup.make import (
        list_backups,
        make_backup,
        open_backups,
        remove_expired_exports,
    )
    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.published import keep
    from orchestrator.dbt.runner import DbtRunner, project_manifest
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    if name is not None:
        keep(settings, name, as_json=as_json)
        return
    if only_list:
        found = list_backups(settings)
        if as_json:
            print_json([_document(one) for one in found])
            return
        for one in found:
            rows = sum(table.rows for table in one.tables)
            kept = f"until {one.expires_at[:10]}"
            click.echo(f"{one.backup_id}  {len(one.tables):>3} tables {rows:>12,} rows  {kept}")
        if not found:
            click.echo(f"No backup in {open_backups(settings)}. `concord backup` makes one.")
        return
    connection = connect(settings)
    now = datetime.now(UTC)
    manifest = project_manifest(DbtRunner(connection.settings), "parse")
    made = make_backup(connection, manifest, now)
    removed = remove_expired_exports(settings, now)
    if as_json:
        print_json(_document(made) | {"removed_exports": removed})
        return
    for table in made.tables:
        click.echo(f"{table.table:<50}{table.rows:>12,} rows")
    click.echo(f"Backup {made.backup_id}: {len(made.tables)} tables, kept until {made.expires_at}")
    if removed:
        click.echo(f"Removed the expired exports {', '.join(removed)}")


def _document(made: Backup) -> dict[str, Any]:
    tables = [{"table": table.table, "rows": table.rows} for table in made.tables]
    return {"backup_id": made.backup_id, "expires_at": made.expires_at, "tables": tables}
