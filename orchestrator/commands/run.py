"""`concord run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from orchestrator.command_line.as_json import json_option, print_json
from orchestrator.command_line.many_values import ManyValues

if TYPE_CHECKING:
    from orchestrator.run.summary import RunSummary
    from orchestrator.settings.values import Settings

SLOWEST = 3
# Fields of the record that a program gets as they are.
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
@json_option
def run(
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    full_refresh: bool,  # noqa: FBT001 - click passes it by name
    require_fresh: bool,  # noqa: FBT001
    allow_empty: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Check the freshness of the sources, build everything, publish it, and print a summary.

    Sources without data are fine: their tables are created empty. Nodes that fail for a temporary
    reason are tried again; 'concord retry' runs what is left after that. One run per dataset at a
    time: a second one ends with exit code 4.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.progress import start_reporter
    from orchestrator.dbt.runner import DbtRunner
    from orchestrator.dbt.selected_names import check_names
    from orchestrator.run import night as pipeline
    from orchestrator.run.aftermath import could_not_begin
    from orchestrator.run.request import RunRequest
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    settings = load_settings()
    clock = StepClock(start_reporter(settings, as_json=as_json))
    request = RunRequest(select, exclude, full_refresh, require_fresh, allow_empty)
    check_names(DbtRunner(settings), settings.project_dir, request)
    with clock.step("warehouse"):
        try:
            connection = connect(settings)
        except Exception as error:
            could_not_begin(settings, request, error)
            raise
    summary = pipeline.run_night(connection, request, clock, is_last=True)
    return show_run(summary, settings, as_json=as_json)


def show_run(summary: RunSummary, settings: Settings, *, as_json: bool) -> int:
    """Print a summary, or log it where a machine reads, and return the exit code."""
    from orchestrator.commands.progress import has_log_lines
    from orchestrator.logs import log_outcome

    if has_log_lines(settings):
        log_outcome(summary.record)
    if as_json:
        print_json(run_document(summary))
    elif not has_log_lines(settings):
        click.echo(summary_text(summary))
    return summary.record.exit_code


def run_document(summary: RunSummary) -> dict[str, Any]:
    """Return a summary for programs."""
    record = summary.record
    facts = ("unique_id", "name", "error_class", "attempts", "message")
    return {
        **{name: getattr(record, name) for name in TOLD},
        "nodes": summary.results.count_by_status(),
        "failed": [{name: getattr(node, name) for name in facts} for node in record.failed],
        "not_built": [node.unique_id for node in record.not_built],
        "no_data": summary.empty_tables,
        "old_data": record.stale_sources,
        "published_tables": record.published_tables,
        "not_published": summary.not_published,
        "step_seconds": record.step_seconds,
        "run_log_problem": summary.log_problem,
    }


def summary_text(summary: RunSummary) -> str:
    """Put the summary of a run on one screen."""
    counts = summary.results.count_by_status().items()
    statuses = ", ".join(f"{count} {status}" for status, count in counts) or "nothing to do"
    record = summary.record
    lines = ["", f"{'Run':<10}{record.run_id}, {record.status}", f"{'Nodes':<10}{statuses}"]
    if record.retries:
        lines.append(f"{'Retries':<10}{record.retries} in {record.attempts} attempts")
    slow = summary.results.slowest(SLOWEST)
    if slow:
        lines.append(f"{'Slowest':<10}{', '.join(f'{n.name} {n.seconds:.1f} s' for n in slow)}")
    if summary.empty_tables:
        lines.append(f"{'No data':<10}{', '.join(summary.empty_tables)}")
    lines += [f"{'Old data':<10}{node.name}: {node.message}" for node in summary.stale_tables]
    if record.published_tables:
        lines.append(f"{'Published':<10}{record.published_tables} tables")
    if summary.not_published:
        lines.append(f"{'Published':<10}nothing: {summary.not_published}")
    steps = record.step_seconds.items()
    shown = ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps)
    lines.append(f"{'Seconds':<10}{sum(record.step_seconds.values()):.1f} ({shown})")
    if summary.log_problem:
        lines.append(f"{'Run log':<10}not written: {summary.log_problem}")
    if summary.problem:
        lines += ["", "Failed:", summary.problem]
        lines += ["", f"What to do: correct it, then 'concord retry {record.run_id}'"]
    return "\n".join(lines)
