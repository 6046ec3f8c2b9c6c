"""`concord train`."""

from __future__ import annotations

import click

from orchestrator.command_line.as_json import json_option, print_json


@click.command()
@click.option("--version", help="Build this known version beside, instead of training one.")
@json_option
def train(version: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Train a version of the matching model beside the nightly tables.

    It reads the raw data of now and builds into datasets of its own, <prefix>_candidate_...; no
    table that a run reads or publishes changes, and no id. The version is kept, not used: look at
    it with 'concord compare', then let the nights use it with 'concord promote'.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.progress import start_reporter
    from orchestrator.models.candidate import build_candidate, candidate_dataset
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    settings = load_settings()
    clock = StepClock(start_reporter(settings, as_json=as_json))
    with clock.step("warehouse"):
        connection = connect(settings)
    built = build_candidate(connection, clock, version)
    dataset = candidate_dataset(settings)
    if as_json:
        seconds = {name: round(value, 2) for name, value in clock.seconds.items()}
        print_json({"model_version": built, "dataset": dataset, "seconds": seconds})
        return
    click.echo(f"{'Version':<10}{built}, {'built' if version else 'trained'} in {dataset}_...")
    click.echo(f"{'Next':<10}concord compare, then concord promote {built}")
