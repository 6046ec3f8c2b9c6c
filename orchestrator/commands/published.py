"""`concord backup --published` and `concord restore --published`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import print_json

if TYPE_CHECKING:
    from orchestrator.settings.values import Settings


def keep(settings: Settings, name: str, *, as_json: bool) -> None:
    """Keep the published tables under a name."""
    from datetime import UTC, datetime

    from orchestrator.backup.published import KEEP_DAYS, keep_published
    from orchestrator.bigquery.connect import connect
    from orchestrator.lock.hold import hold_lock

    # A run that publishes meanwhile would leave copies of two nights.
    with hold_lock(settings, f"published tables of {name}") as lock:
        tables = keep_published(connect(settings), name, datetime.now(UTC), lock)
    if as_json:
        print_json({"name": name, "tables": tables})
    else:
        click.echo(f"Kept {len(tables)} published tables as {name}, for {KEEP_DAYS} days.")


def bring_back(settings: Settings, name: str, *, yes: bool, as_json: bool) -> int:
    """Bring the published tables back that are kept under a name."""
    from orchestrator.backup.published import restore_published
    from orchestrator.bigquery.connect import connect
    from orchestrator.command_line.confirmed import is_confirmed
    from orchestrator.errors import EXIT_FAILED, EXIT_OK
    from orchestrator.lock.hold import hold_lock

    question = f"Replace what is published in {settings.published_dataset} by {name}?"
    if not yes and not is_confirmed(question, "--yes replaces without asking"):
        click.echo("Nothing was replaced.", err=True)
        return EXIT_FAILED
    with hold_lock(settings, f"restore of published {name}") as lock:
        brought = restore_published(connect(settings), name, lock)
    if as_json:
        print_json({"name": name, "tables": brought.tables, "left": brought.left})
        return EXIT_OK
    click.echo(f"Brought {len(brought.tables)} published tables back to {name}.")
    if brought.left:
        click.echo(f"Newer than that, and left as they are: {', '.join(brought.left)}")
    return EXIT_OK
