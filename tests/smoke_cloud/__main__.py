"""`python -m tests.smoke_cloud --project NAME`: one build on BigQuery, and nothing left of it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from orchestrator.errors import ConcordError
from orchestrator.settings.values import load_settings
from tests.project_copy import ROOT
from tests.semantics.build import Sample
from tests.smoke_cloud.places import NotDropped
from tests.smoke_cloud.smoke import Outcome, smoke, smoke_settings
from tests.smoke_cloud.tables import comparison_table, layer_table, slowest_table, warning_lines

FAILED = 1
LEFT_BEHIND = 3
INTERRUPTED = 130


@click.command(name="smoke-cloud")
@click.option("--project", required=True, help="Google Cloud project that pays.")
@click.option("--location", default="US", show_default=True, help="Of the datasets.")
@click.option("--people", default=3400, show_default=True, help="3,400 make about 10,000 records.")
@click.option("--target", default="dev", show_default=True, type=click.Choice(["dev", "local"]))
def main(*, project: str, location: str, people: int, target: str) -> None:
    """Load a sample into datasets of a random name, build, report, compare, drop everything.

    The account is the one of `concord run`: application default credentials, or what CONCORD_*
    says. Nothing else in the project is read or written.
    """
    console = Console(highlight=False)
    settings = smoke_settings(
        load_settings(project_dir=ROOT, target=target, project=project, location=location)
    )
    with tempfile.TemporaryDirectory(prefix="concord-smoke-") as folder:
        try:
            outcome = smoke(Path(folder), settings, Sample(people, hostile_rows=0), console.print)
        except KeyboardInterrupt:
            console.print("Interrupted.")
            sys.exit(INTERRUPTED)
        except NotDropped as error:
            console.print(str(error))
            sys.exit(LEFT_BEHIND)
        except ConcordError as error:
            console.print(f"{error.message}\n{error.what_to_do}")
            sys.exit(FAILED)
    show(console, outcome, settings.limit.price_per_tib)
    sys.exit(0 if outcome.ok else FAILED)


def show(console: Console, outcome: Outcome, price_per_tib: float) -> None:
    """Print the figures, also of a build that failed."""
    console.print(layer_table(outcome.jobs, price_per_tib))
    console.print(slowest_table(outcome.jobs))
    for line in warning_lines(outcome.jobs):
        console.print(line)
    console.print(comparison_table(outcome.comparisons))
    if outcome.exit_code:
        console.print(f"concord run ended with exit code {outcome.exit_code}; see above.")
    console.print(f"\nTime      {outcome.seconds:.1f} s")


if __name__ == "__main__":
    main()
