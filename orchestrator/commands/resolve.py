"""`concord resolve`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.resolve.run import ResolveSummary

FILE = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--map", "mapping", required=True, type=FILE, help="Mapping of the columns (YAML).")
@click.option("--out", "output", required=True, type=FOLDER, help="Folder of the result.")
@click.option("--encoding", default="utf-8", show_default=True, help="Encoding of a text file.")
@click.option("--delimiter", help="Column separator; found in the header when not given.")
@click.option("--skip-bad-rows", is_flag=True, help="Leave unreadable rows out, and count them.")
@click.option("--keep-warehouse", type=FOLDER, help="New folder that keeps the warehouse.")
@click.option("--memory-limit", help="Memory of the private warehouse, for example 4GB.")
@click.option("--report", "with_report", is_flag=True, help="Write report.html with charts too.")
@json_option
def resolve(
    file: Path,
    mapping: Path,
    output: Path,
    encoding: str,
    delimiter: str | None,
    skip_bad_rows: bool,  # noqa: FBT001 - click passes it by name
    keep_warehouse: Path | None,
    memory_limit: str | None,
    with_report: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """Resolve one FILE of people or companies (CSV, JSON lines or Parquet).

    The folder of --out gets clusters.parquet, pairs.parquet and summary.json; with --report also
    report.html, a page with the charts of the model. It shows some pairs with their values.
    """
    from orchestrator.commands.progress import TerminalReporter
    from orchestrator.reading.file_options import FileOptions
    from orchestrator.resolve.run import DEFAULT_MEMORY_LIMIT, ResolveRequest, resolve_file
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    request = ResolveRequest(
        file=file,
        mapping=mapping,
        output=output,
        options=FileOptions(encoding, delimiter, skip_bad_rows),
        keep_warehouse=keep_warehouse,
        memory_limit=memory_limit or DEFAULT_MEMORY_LIMIT,
        with_report=with_report,
    )
    summary = resolve_file(load_settings(), request, StepClock(TerminalReporter()))
    if as_json:
        print_json(asdict(summary) | {"output": output})
    else:
        click.echo(_summary_text(summary, output))


def _summary_text(summary: ResolveSummary, output: Path) -> str:
    figures = {
        "Records": summary.records,
        "Pairs compared": summary.pairs_compared,
        "Clusters": summary.clusters,
        "Largest cluster": summary.largest_cluster,
    }
    lines = ["", *(f"{name:<17}{value:>12,}" for name, value in figures.items())]
    lines += _expected_share(
        "Expected precision",
        summary.expected_precision,
        summary.expected_precision_lower,
        summary.expected_precision_upper,
    )
    lines += _expected_share(
        "Expected recall",
        summary.expected_recall,
        summary.expected_recall_lower,
        summary.expected_recall_upper,
    )
    if summary.skipped_rows:
        lines.append(f"Left out: {summary.skipped_rows:,} rows that could not be read")
    if summary.dropped_cells:
        lines.append(
            f"Ignored: {summary.dropped_cells:,} cells that are no text, or too long (10,000)"
        )
    if summary.blank_lines:
        lines.append(f"Left out: {summary.blank_lines:,} empty lines")
    if summary.trimmed_ids:
        lines.append(f"{summary.trimmed_ids:,} record ids had spaces around them; they are gone")
    lines += [f"Doubtful: {doubt}" for doubt in summary.doubts]
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in summary.seconds.items())
    lines += [f"{'Seconds':<17}{sum(summary.seconds.values()):>12.1f}  ({steps})", ""]
    lines.append(f"Written to {output}")
    return "\n".join(lines)


def _expected_share(
    name: str, share: float | None, lower: float | None, upper: float | None
) -> Iterator[str]:
    # Nothing is said where nothing was joined; without an estimate the range is all there is.
    if upper is not None:
        estimate = "unknown" if share is None else f"{share:.1%}"
        bounds = f"at most {upper:.1%}" if lower is None else f"{lower:.1%} to {upper:.1%}"
        yield f"{name:<18}{estimate:>11}  ({bounds})"
