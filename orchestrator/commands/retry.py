"""`concord retry`."""

from __future__ import annotations

import click

from orchestrator.command_line.as_json import json_option, print_json


@click.command()
@click.argument("run_id", required=False)
@click.option("--accept-changes", is_flag=True, help="Many changed ids, or lost rows, are meant.")
@json_option
def retry(run_id: str | None, accept_changes: bool, as_json: bool) -> int:  # noqa: FBT001 - by name
    """Run what an earlier run left undone, and nothing else.

    RUN_ID is a run that failed, was stopped or was killed; without it, the newest of these. Nodes
    that were built are not built again. When nothing is left, nothing runs.

    What is left is known from the state folder of the project (.concord), or from the place of the
    run log where that is a bucket, so any machine can resume a run of another. Of a run that was
    killed, a bucket knows the start only: then everything is built.

    A run that was built, and stopped because too many ids would change, is only committed and
    published by --accept-changes; 'concord diff' shows what that means.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.progress import start_reporter
    from orchestrator.commands.run import show_run
    from orchestrator.dbt.request import RunRequest
    from orchestrator.errors import EXIT_OK
    from orchestrator.run.resume import resume_run
    from orchestrator.run.tell import could_not_begin
    from orchestrator.run_log.run import new_run
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    settings = load_settings()
    clock = StepClock(start_reporter(settings, as_json=as_json))
    with clock.step("warehouse"):
        try:
            connection = connect(settings)
        except Exception as error:
            could_not_begin(new_run(settings, RunRequest(), resumes=run_id), settings, error)
            raise
    run = resume_run(connection, run_id, clock, accept_changes=accept_changes)
    if run is None:
        if as_json:
            print_json({"run_id": None, "status": "nothing_left", "exit_code": EXIT_OK})
        else:
            click.echo("Nothing is left to run.")
        return EXIT_OK
    return show_run(run, settings, as_json=as_json)
