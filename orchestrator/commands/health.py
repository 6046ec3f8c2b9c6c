"""`concord health`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.health.report import HealthReport

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red", "skipped": None}


@click.command()
@json_option
@click.option("--preflight", is_flag=True, help="Only what `concord run` checks before it starts.")
def health(as_json: bool, preflight: bool) -> int:  # noqa: FBT001 - click passes them by name
    """Check everything that a run needs, and say what to do about what is wrong.

    Exit code 0: nothing failed, though there may be warnings. Exit code 1: something failed. The
    local warehouse is not started by this command.
    """
    from dataclasses import asdict

    from orchestrator.bigquery.connect import connect_running
    from orchestrator.errors import EXIT_FAILED, EXIT_OK
    from orchestrator.health.check import CHECKS, PREFLIGHT, check_health
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    report = check_health(
        settings,
        lambda: connect_running(settings),
        components=PREFLIGHT if preflight else tuple(CHECKS),
    )
    if as_json:
        print_json({"is_healthy": report.is_healthy} | asdict(report))
    else:
        show_health(report)
    return EXIT_OK if report.is_healthy else EXIT_FAILED


def show_health(report: HealthReport) -> None:
    """Print a line per component, and below it what to do."""
    for one in report.components:
        status = click.style(f"{one.status:<8}", fg=COLOURS[one.status])
        click.echo(f"{one.name:<14}{status}{one.seconds:5.1f} s  {one.detail}")
        if one.what_to_do and one.status != "ok":
            click.echo(f"{'':<22}         -> {one.what_to_do}")
