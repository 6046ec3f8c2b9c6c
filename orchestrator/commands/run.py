"""`concord run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orchestrator.pipeline import RunSummary

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
    """Check the freshness of the sources, build everything, and print a summary.

    Sources without data are fine: their tables are created empty.
    """
    from orchestrator import pipeline
    from orchestrator.commands.progress import TerminalReporter
    from orchestrator.errors import EXIT_FAILED, EXIT_OK
    from orchestrator.settings import load_settings
    from orchestrator.steps import StepClock
    from orchestrator.warehouse_client import connect

    clock = StepClock(TerminalReporter())
    with clock.step("warehouse"):
        connection = connect(load_settings())
    request = pipeline.RunRequest(select, exclude, full_refresh, require_fresh, allow_empty)
    summary = pipeline.run(connection, request, clock)
    click.echo(summary_text(summary))
    return EXIT_OK if summary.is_success else EXIT_FAILED


def summary_text(summary: RunSummary) -> str:
    """Put the summary of a run on one screen."""
    counts = summary.results.count_by_status().items()
    statuses = ", ".join(f"{count} {status}" for status, count in counts) or "nothing to do"
    lines = ["", f"{'Nodes':<10}{statuses}"]
    slow = summary.results.slowest(SLOWEST)
    if slow:
        lines.append(f"{'Slowest':<10}{', '.join(f'{n.name} {n.seconds:.1f} s' for n in slow)}")
    if summary.empty_tables:
        lines.append(f"{'No data':<10}{', '.join(summary.empty_tables)}")
    lines += [f"{'Old data':<10}{node.name}: {node.message}" for node in summary.stale_tables]
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in summary.seconds.items())
    lines.append(f"{'Seconds':<10}{sum(summary.seconds.values()):.1f} ({steps})")
    if summary.problem:
        lines += ["", "Failed:", summary.problem]
    return "\n".join(lines)
