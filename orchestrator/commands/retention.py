"""`concord retention`."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

import click

from orchestrator.command_line.as_json import json_option, print_json


@click.command()
@click.option("--apply", "is_applied", is_flag=True, help="Set the expiry of partitions.")
@click.option(
    "--delete-rows", is_flag=True, help="With --apply: also delete old rows. This cannot be undone."
)
@json_option
def retention(is_applied: bool, delete_rows: bool, as_json: bool) -> None:  # noqa: FBT001 - by name
    """Show how long data is kept, and what would change that; change it with --apply.

    The settings are CONCORD_RETENTION_RAW_DAYS, _RUN_LOG_DAYS and _HISTORY_DAYS; without them
    nothing is done. Only tables that Concord fills are touched, and the line of each says by which
    column. One with partitions by that column loses a partition when it is that old. Rows of the
    others are deleted by --apply --delete-rows only, by the time at which they were loaded.
    """
    from orchestrator.backup.retention import apply_rule, left_alone, retention_rules
    from orchestrator.bigquery.connect import connect
    from orchestrator.dbt.runner import DbtRunner, project_manifest
    from orchestrator.lock.hold import hold_lock
    from orchestrator.settings.values import load_settings

    if delete_rows and not is_applied:
        raise click.UsageError("--delete-rows goes with --apply")
    say = partial(click.echo, err=as_json)
    connection = connect(load_settings())
    settings = connection.settings
    rules = retention_rules(connection, project_manifest(DbtRunner(settings), "parse"))
    others = left_alone(settings) if settings.retention.raw_days else ()
    if not rules:
        say("Everything is kept for ever: no CONCORD_RETENTION_* variable is set.")
    for rule in rules:
        say(str(rule))
    if others:
        say(f"Left alone, since connectors fill them: {', '.join(others)}")
    todo = [rule for rule in rules if not rule.is_done and (delete_rows or rule.kind != "rows")]
    document = {
        "rules": [asdict(rule) | {"is_done": rule.is_done} for rule in rules],
        "left_alone": others,
        "applied": 0,
        "deleted_rows": 0,
    }
    if not is_applied or not todo:
        if as_json:
            print_json(document)
        return
    # No run may read what is being deleted.
    deleted = 0
    with hold_lock(settings, "retention") as lock:
        for rule in todo:
            lock.confirm()
            deleted += apply_rule(connection, rule)
    say(f"Applied {len(todo)} changes, {deleted:,} rows deleted.")
    if as_json:
        print_json(document | {"applied": len(todo), "deleted_rows": deleted})
