"""What a smoke test prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich import box
from rich.table import Table

from tests.smoke_cloud.jobs import by_layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.smoke_cloud.jobs import JobFigures
    from tests.smoke_cloud.smoke import Comparison

SLOWEST: Final = 10
MIB: Final = 1024**2


def layer_table(jobs: Sequence[JobFigures], price_per_tib: float) -> Table:
    """One row per layer."""
    columns = ("jobs", "seconds", "slot s", "MiB read", "MiB billed", "USD")
    table = _table("Jobs by layer", "", *columns)
    for layer in by_layer(jobs):
        table.add_row(
            layer.layer,
            f"{layer.n_jobs:,}",
            f"{layer.seconds:,.1f}",
            f"{layer.slot_seconds:,.1f}",
            f"{layer.bytes_processed / MIB:,.1f}",
            f"{layer.bytes_billed / MIB:,.1f}",
            f"{layer.money(price_per_tib):.4f}",
        )
    return table


def slowest_table(jobs: Iterable[JobFigures]) -> Table:
    """The statements that took longest."""
    table = _table("Slowest statements", "", "seconds", "slot s", "MiB billed", "job")
    for job in sorted(jobs, key=lambda each: -each.seconds)[:SLOWEST]:
        table.add_row(
            job.node or job.layer,
            f"{job.seconds:,.1f}",
            f"{job.slot_seconds:,.1f}",
            f"{job.bytes_billed / MIB:,.1f}",
            job.job_id,
        )
    return table


def warning_lines(jobs: Iterable[JobFigures]) -> list[str]:
    """Every warning about a plan, with its node."""
    found = [f"{job.node or job.layer}: {text}" for job in jobs for text in job.warnings]
    return found or ["No plan has a warning."]


def comparison_table(comparisons: Iterable[Comparison]) -> Table:
    """The rows of clusters and marts, there and here."""
    table = _table("Rows beside a local build", "", "there", "here", "hash there", "hash here", "")
    for each in comparisons:
        apart = each.cloud.n_apart(each.local)
        table.add_row(
            each.name,
            f"{each.cloud.n_rows:,}",
            f"{each.local.n_rows:,}",
            each.cloud.text,
            each.local.text,
            "equal" if each.is_equal else f"{apart:,} rows apart",
        )
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    table.add_column(columns[0], overflow="fold")
    for column in columns[1:]:
        table.add_column(column, justify="right", overflow="fold")
    return table
