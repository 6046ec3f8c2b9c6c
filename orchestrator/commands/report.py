"""`concord report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--out",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page to write; build/report.html of the project when not given.",
)
@click.option("--title", default="Concord", show_default=True, help="Heading of the page.")
@click.option(
    "--images",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that gets each chart as an SVG file as well.",
)
def report(page: Path | None, title: str, images: Path | None) -> None:
    """Write a page with charts of what is in the warehouse, without building anything.

    Run it after `concord run` or `concord demo`. The page is one file that needs no network:

    \b
      What came in        rows of each source, and which were put aside
      What came out       records, pairs and entities
      How it decides      the weight of each level, and some real pairs step by step
      Which rules pay     the pairs of each blocking rule, and keys too large to use
      How right it is     precision and recall, where the truth is known

    The truth is known after the demo. For your own data, put it into the tables person_truth and
    company_truth (record_id, entity_id) of the dataset <prefix>_demo.

    The page shows values of a few records, so treat it like the records themselves.
    """
    from datetime import UTC, datetime

    from orchestrator.bigquery.connect import connect
    from orchestrator.commands.progress import TerminalReporter
    from orchestrator.report.write import ReportOptions, write
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    settings = load_settings()
    options = ReportOptions(
        title=title,
        page=page or settings.build_dir / "report.html",
        images=images,
        now=datetime.now(UTC),
    )
    clock = StepClock(TerminalReporter())
    with clock.step("warehouse"):
        connection = connect(settings)
    written = write(connection, options, clock)
    click.echo(f"Report    {options.page}")
    if images:
        click.echo(f"Images    {len(written)} in {images}")
