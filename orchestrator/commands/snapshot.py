"""`concord snapshot`."""

from __future__ import annotations

from dataclasses import asdict

import click

from orchestrator.command_line.as_json import json_option, print_json


@click.command()
@json_option
def snapshot(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Write what is published into one file that `concord serve` answers from.

    The file lies in CONCORD_SERVE_SNAPSHOTS (a folder, or gs://bucket/folder). A service that runs
    takes it by itself. With CONCORD_SERVE_AFTER_RUN=true each good run writes one.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.progress import TerminalReporter
    from orchestrator.serving.build import build_snapshot, last_published_run
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    connection = connect(load_settings())
    clock = StepClock(TerminalReporter())
    found = build_snapshot(connection, last_published_run(connection), clock)
    if as_json:
        seconds = {name: round(value, 2) for name, value in clock.seconds.items()}
        print_json({**asdict(found), "seconds": seconds})
    else:
        click.echo(f"{found.name}: {found.bytes / 1e6:,.1f} MB, data as of {found.data_as_of}")
