"""`concord run`."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from orchestrator.command_line.as_json import json_option, print_json
from orchestrator.command_line.many_values import ManyValues
from orchestrator.dbt.node_text import in_one_line

if TYPE_CHECKING:
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings

SLOWEST = 3
# What of a run a program gets as it is.
TOLD = (
    *("run_id", "command", "target", "dataset", "status", "exit_code", "resumes"),
    *("started_at", "ended_at", "seconds", "attempts", "retries", "problem", "what_to_do"),
)


@click.command(cls=ManyValues)
@click.option("--select", "-s", multiple=True, help="dbt selection: one or more.")
@click.option("--exclude", multiple=True, help="dbt selection to leave out: one or more.")
@click.option("--full-refresh", is_flag=True, help="Rebuild incremental models.")
@click.option("--require-fresh", is_flag=True, help="Stop before the build if a source is old.")
@click.option("--allow-empty", is_flag=True, help="Succeed when nothing is selected.")
@click.option("--accept-changes", is_flag=True, help="Many changed ids, or lost rows, are meant.")
@json_option
def run(
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    full_refresh: bool,  # noqa: FBT001 - click passes it by name
    require_fresh: bool,  # noqa: FBT001
    allow_empty: bool,  # noqa: FBT001
    accept_changes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Check the freshness of the sources, build everything, publish it, and print a summary.

    The matching uses the promoted version of its model ('concord models'); the first run trains
    one and promotes it. Sources without data are fine: their tables are created empty. Nodes that
    fail for a temporary reason are tried again; 'concord retry' runs what is left after that. One
    run per dataset at a time: a second one ends with exit code 4.

    Ids stay from night to night. A run stops before the build when a source came back empty or
    much smaller, and before it accepts anything when too many ids would change ('concord diff'
    shows which). --accept-changes says that it is meant.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.progress import start_reporter
    from orchestrator.dbt.request import RunRequest
    from orchestrator.dbt.runner import DbtRunner
    from orchestrator.dbt.selected_names import check_names
    from orchestrator.models.used import with_used_model
    from orchestrator.run.night import run_night
    from orchestrator.run.tell import could_not_begin
    from orchestrator.run_log.run import new_run
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    settings = load_settings()
    clock = StepClock(start_reporter(settings, as_json=as_json))
    request = RunRequest(select, exclude, full_refresh, require_fresh, allow_empty, accept_changes)
    check_names(DbtRunner(settings), settings.project_dir, request)
    with clock.step("warehouse"):
        try:
            connection = with_used_model(connect(settings))
        except Exception as error:
            could_not_begin(new_run(settings, request), settings, error)
            raise
    request = replace(request, model=connection.settings.model)
    night = new_run(connection.settings, request)
    run_night(night, connection, clock, is_last=True)
    return show_run(night, settings, as_json=as_json)


def show_run(run: Run, settings: Settings, *, as_json: bool) -> int:
    """Print what became of a run, or log it where a machine reads, and return the exit code."""
    from orchestrator.commands.progress import has_log_lines
    from orchestrator.logs.of_runs import log_outcome

    if has_log_lines(settings):
        log_outcome(run)
    if as_json:
        print_json(run_document(run))
    elif not has_log_lines(settings):
        click.echo(summary_text(run))
    return run.exit_code


def run_document(run: Run) -> dict[str, Any]:
    """Return a run for programs."""
    from orchestrator.run.summary import count_by_status

    facts = ("unique_id", "name", "error_class", "attempts", "message")
    return {
        **{name: getattr(run, name) for name in TOLD},
        "nodes": count_by_status(run),
        "failed": [{name: getattr(node, name) for name in facts} for node in run.failed],
        "not_built": [node.unique_id for node in run.not_built],
        "no_data": run.empty_tables,
        "old_data": run.stale_sources,
        "id_changes": [asdict(changes) for changes in run.id_changes.values()],
        "committed_rows": run.committed_rows,
        "published_tables": run.published_tables,
        "not_published": run.not_published,
        "snapshot_problem": run.snapshot_problem,
        "step_seconds": run.step_seconds,
        "run_log_problem": run.log_problem,
    }


def summary_text(run: Run) -> str:
    """Put a run on one screen."""
    from orchestrator.run.summary import count_by_status, id_texts, problem_text, slowest

    counts = count_by_status(run).items()
    statuses = ", ".join(f"{count} {status}" for status, count in counts) or "nothing to do"
    lines = ["", f"{'Run':<10}{run.run_id}, {run.status}", f"{'Nodes':<10}{statuses}"]
    if run.retries:
        lines.append(f"{'Retries':<10}{run.retries} in {run.attempts} attempts")
    if slow := slowest(run, SLOWEST):
        lines.append(f"{'Slowest':<10}{', '.join(f'{n.name} {n.seconds:.1f} s' for n in slow)}")
    if run.empty_tables:
        lines.append(f"{'No data':<10}{', '.join(run.empty_tables)}")
    lines += [f"{'Old data':<10}{table.name}: {table.message}" for table in run.stale_tables]
    lines += [f"{'Ids':<10}{text}" for text in id_texts(run)]
    if run.kept_model:
        lines.append(f"{'Model':<10}{run.kept_model}, trained in this run and promoted")
    if run.published_tables:
        lines.append(f"{'Published':<10}{run.published_tables} tables")
    if run.not_published:
        lines.append(f"{'Tables':<10}not published, because {run.not_published}")
    if run.snapshot_problem:
        problem = in_one_line(run.snapshot_problem)
        lines.append(f"{'History':<10}not written, 'concord dbt snapshot' does it: {problem}")
    shown = ", ".join(f"{name} {seconds:.1f}" for name, seconds in run.step_seconds.items())
    lines.append(f"{'Seconds':<10}{sum(run.step_seconds.values()):.1f} ({shown})")
    if run.log_problem:
        lines.append(f"{'Run log':<10}not written: {run.log_problem}")
    if problem := problem_text(run):
        lines += ["", "Failed:", problem]
        lines += ["", f"What to do: correct it, then 'concord retry {run.run_id}'"]
    return "\n".join(lines)
