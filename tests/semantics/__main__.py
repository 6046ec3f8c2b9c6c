"""`python -m tests.semantics`: builds a sample, compares every model with Google's evaluator."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from tests.semantics.build import Sample, built_project
from tests.semantics.check import Scope, check_semantics


@click.command(name="check-semantics")
@click.option("--people", default=50, show_default=True, type=click.IntRange(50, 3000))
@click.option("--hostile-rows", default=30, show_default=True, help="In each raw table.")
@click.option("--seed", default=7, show_default=True, help="Another seed, another sample.")
@click.option("--orders", default=1, show_default=True, help="How many orders of the rows to try.")
@click.option("--data-tests", is_flag=True, help="Run the data tests at Google's, too.")
@click.option("--all-rounds", is_flag=True, help="Iterate the iterated models to their end.")
@click.option("--max-rows-read", type=int, help="Leave out models that read more, and say so.")
def main(
    *,
    people: int,
    hostile_rows: int,
    seed: int,
    orders: int,
    data_tests: bool,
    all_rounds: bool,
    max_rows_read: int | None,
) -> None:
    """Print what differs between the local warehouse and Google's evaluator; 1 when it matters."""
    sample = Sample(people, hostile_rows, seed)
    scope = Scope(
        seeds=tuple(range(1, orders + 1)),
        data_tests=data_tests,
        all_rounds=all_rounds,
        max_rows_read=max_rows_read,
        is_list_complete=sample == Sample(),
    )
    with (
        tempfile.TemporaryDirectory(prefix="concord-semantics-") as folder,
        built_project(Path(folder), sample) as built,
    ):
        report = check_semantics(built, scope)
    for line in report.lines():
        click.echo(line)
    sys.exit(0 if report.ok else 1)


if __name__ == "__main__":
    main()
