"""`concord demo`."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from orchestrator.report.model import Quality, ReportData, Score
    from orchestrator.settings.values import Settings


@click.command()
@click.option("--seed", default=7, show_default=True, help="Another seed, another sample.")
@click.option(
    "--people",
    default=1700,
    show_default=True,
    type=click.IntRange(50, 3000),
    help="How many real people stand behind the records.",
)
@click.option("--serve", "is_served", is_flag=True, help="Open the pages on it afterwards.")
@json_option
def demo(
    seed: int,
    people: int,
    is_served: bool,  # noqa: FBT001 - click passes it by name
    as_json: bool,  # noqa: FBT001
) -> None:
    """Make a sample of about 5,000 records, resolve it, and report on it.

    The sample is invented, so the truth is known. The report is build/report.html. Running the
    demo again replaces the sample; rows of your own are never touched.
    """
    from datetime import UTC, datetime

    from rich.console import Console

    from orchestrator.commands.progress import start_reporter
    from orchestrator.demo.run import DemoRequest, run_demo
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    request = DemoRequest(seed, people, datetime.now(UTC))
    settings = load_settings()
    result = run_demo(settings, request, StepClock(start_reporter(settings, as_json=as_json)))
    if as_json:
        print_json(demo_document(result.data, result.page))
        return
    console = Console(highlight=False)
    for table in summary_tables(result.data):
        console.print()
        console.print(table)
    console.print(f"\nTime      {result.data.total_seconds:.1f} s")
    console.print(f"Report    {result.page}", soft_wrap=True)
    console.print(f"Next      {next_step()}", soft_wrap=True)
    if is_served:
        _serve(settings, result.run_id)


def _serve(settings: Settings, run_id: str) -> None:
    """Write a snapshot of the demo's tables, and answer from it."""
    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.progress import TerminalReporter
    from orchestrator.commands.serve import serve_until_stopped
    from orchestrator.serving.build import build_snapshot
    from orchestrator.steps import StepClock

    build_snapshot(connect(settings), run_id, StepClock(TerminalReporter()))
    serve_until_stopped(settings)


def next_step() -> str:
    """Return what to type next, in a shell that may not have the environment yet."""
    look = "concord dbt show -s dim_persons"
    return look if shutil.which("concord") else f"source .venv/bin/activate; {look}"


def demo_document(data: ReportData, page: Path) -> dict[str, Any]:
    """Return the figures of the summary for programs."""
    loaded = ("source", "table", "rows", "staged", "quarantined", "rejected")
    flow = ("records", "pairs_compared", "pairs_accepted", "entities")
    return {
        "came_in": [{name: getattr(raw, name) for name in loaded} for raw in data.raw_tables],
        "came_out": [
            {"entity": entity.plural} | {name: getattr(entity.flow, name) for name in flow}
            for entity in data.entities
        ],
        "quality": [
            {"entity": entity.plural, "scored_by": name}
            | {"precision": score.precision, "recall": score.recall, "f1": score.f1}
            for entity in data.entities
            if entity.quality is not None
            for name, score in _scores(entity.quality)
        ],
        "seconds": data.total_seconds,
        "report": page,
    }


def summary_tables(data: ReportData) -> tuple[Table, ...]:
    """What came in, what came out, and how right it is."""
    return _came_in(data), _came_out(data), _quality(data)


def _table(title: str, *columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    table.add_column(columns[0])
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _came_in(data: ReportData) -> Table:
    table = _table("What came in", "", "loaded", "staged", "quarantined", "rejected")
    for raw in data.raw_tables:
        staged = "-" if raw.staged is None else f"{raw.staged:,}"
        figures = (f"{raw.rows:,}", staged, f"{raw.quarantined:,}", f"{raw.rejected:,}")
        table.add_row(f"{raw.source}.{raw.table}", *figures)
    return table


def _came_out(data: ReportData) -> Table:
    table = _table("What came out", "", "records", "pairs compared", "pairs accepted", "resolved")
    for entity in data.entities:
        flow = entity.flow
        figures = (flow.records, flow.pairs_compared, flow.pairs_accepted, flow.entities)
        table.add_row(entity.plural, *(f"{figure:,}" for figure in figures))
    return table


def _quality(data: ReportData) -> Table:
    table = _table("How right it is", "", "precision", "recall", "F1")
    for entity in data.entities:
        if entity.quality is None:
            continue
        for name, score in _scores(entity.quality):
            figures = (score.precision, score.recall, score.f1)
            table.add_row(f"{entity.plural}, {name}", *(f"{figure:.1%}" for figure in figures))
    return table


def _scores(quality: Quality) -> tuple[tuple[str, Score], ...]:
    return ("pairs", quality.pairwise), ("B-cubed", quality.b_cubed)
