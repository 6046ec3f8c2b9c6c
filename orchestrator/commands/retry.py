"""`concord retry`."""

from __future__ import annotations

import click


@click.command()
@click.argument("run_id", required=False)
def retry(run_id: str | None) -> int:
    """Run what an earlier run has left to do, and nothing else.

    RUN_ID is a run that failed, was stopped or was killed; without it, the newest of these. Nodes
    that were built are not built again. When nothing is left, nothing runs.

    What is left is known from the state folder of the project (.concord): keep it, or mount a
    bucket there, where every run has a machine of its own.
    """
    from orchestrator.commands.progress import start_reporter
    from orchestrator.commands.run import show
    from orchestrator.errors import EXIT_OK
    from orchestrator.resume import retry as retry_run
    from orchestrator.settings import load_settings
    from orchestrator.steps import StepClock
    from orchestrator.warehouse_client import connect

    settings = load_settings()
    clock = StepClock(start_reporter(settings))
    with clock.step("warehouse"):
        connection = connect(settings)
    summary = retry_run(connection, run_id, clock)
    if summary is None:
        click.echo("Nothing is left to run.")
        return EXIT_OK
    return show(summary, settings)
