"""`concord run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orchestrator.run_summary import RunSummary
    from orchestrator.settings import Settings

SLOWEST = 3


@click.command()
@click.option("--select", "-s", multiple=True, help="dbt selection; may be repeated.")
@click.option("--exclude", multiple=True, help="dbt selection to leave out; may be repeated.")
@click.option("--full-refresh", is_flag=True, help="Build incremental models anew.")
@click.option("--require-fresh", is_flag=True, help="Stop before the build if a source is old.")
@click.option("--allow-empty", is_flag=True, help="An empty selection is no failure.")
def run(
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    full_refresh: bool,  # noqa: FBT001 - click passes it by name
    require_fresh: bool,  # noqa: FBT001
    allow_empty: bool,  # noqa: FBT001
) -> int:
    """Check the freshness of the sources, build everything, publish it, and print a summary.

    Sources without data are fine: their tables are created empty. What fails for a reason that
    passes is tried again, node by node; what then is left can be run by 'concord retry'. One run
    a target at a time: a second one ends with exit code 4.
    """
    from orchestrator import pipeline
    from orchestrator.commands.progress import start_reporter
    from orchestrator.run_request import RunRequest
    from orchestrator.settings import load_settings
    from orchestrator.steps import StepClock
    from orchestrator.warehouse_client import connect

    settings = load_settings()
    clock = StepClock(start_reporter(settings))
    request = RunRequest(select, exclude, full_refresh, require_fresh, allow_empty)
    with clock.step("warehouse"):
        try:
            connection = connect(settings)
        except Exception as error:
            pipeline.could_not_begin(settings, request, error)
            raise
    return show(pipeline.run(connection, request, clock), settings)


def show(summary: RunSummary, settings: Settings) -> int:
    """Print a summary, or log it where a machine reads, and return the exit code."""
    from orchestrator.commands.progress import has_log_lines
    from orchestrator.logs import log_outcome

    if has_log_lines(settings):
        log_outcome(summary.record)
    else:
        click.echo(summary_text(summary))
    return summary.record.exit_code


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
