"""`concord diff --against`: a build beside what another prefix of datasets has published."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from orchestrator.command_line.as_json import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from orchestrator.diff.builds import BuildDiff
    from orchestrator.diff.limits import DiffLimits
    from orchestrator.diff.work import BuildWork
    from orchestrator.settings.values import Settings


def diff_builds(
    settings: Settings,
    *,
    against: str,
    examples: int,
    state: Path | None,
    results: Path | None,
    max_id_changes: float | None,
    max_quality_loss: float,
    max_conflict_rise: float,
    markdown: bool,
    as_json: bool,
) -> int:
    """Print the difference; return the exit code of the gate."""
    from orchestrator.bigquery.connect import connect_running
    from orchestrator.dbt.runner import DbtRunner
    from orchestrator.diff.builds import read_build_diff
    from orchestrator.diff.limits import DiffLimits, problems_of
    from orchestrator.diff.markdown import diff_markdown
    from orchestrator.diff.work import read_work
    from orchestrator.errors import EXIT_FAILED, EXIT_OK

    allowed = settings.max.id_changes if max_id_changes is None else max_id_changes
    limits = DiffLimits(allowed, max_quality_loss, max_conflict_rise)
    connection = connect_running(settings)
    work = read_work(DbtRunner(connection.settings), state, results)
    found = read_build_diff(connection, against, examples)
    problems = problems_of(found, limits)
    if as_json:
        print_json(build_document(found, work, limits, problems))
    elif markdown:
        price = settings.limit.price_per_tib
        click.echo(diff_markdown(found, work, limits, problems, price))
    else:
        for line in build_lines(found, limits, problems):
            click.echo(line)
    return EXIT_FAILED if problems else EXIT_OK


def build_document(
    found: BuildDiff, work: BuildWork, limits: DiffLimits, problems: Sequence[str]
) -> dict[str, Any]:
    """Return the difference for programs."""
    from orchestrator.commands.diff import entity_document

    return {
        "before": asdict(found.before),
        "after": asdict(found.after),
        "work": asdict(work),
        "limits": asdict(limits),
        "problems": list(problems),
        "entities": [
            entity_document(one.diff) | {"before": asdict(one.before), "after": asdict(one.after)}
            for one in found.entities
        ],
        "examples": [asdict(one) for one in found.examples],
    }


def build_lines(found: BuildDiff, limits: DiffLimits, problems: Sequence[str]) -> Iterator[str]:
    """Put the difference on a screen: ids, figures, reasons, and the gate."""
    from orchestrator.commands.diff import diff_lines
    from orchestrator.diff.markdown import gate_line

    title = f"From what {found.before.dataset} has published to the build of {found.after.dataset}"
    yield from diff_lines(title, tuple(one.diff for one in found.entities))
    for one in found.entities:
        yield ""
        for name, side in (("published", one.before), ("this build", one.after)):
            figures = asdict(side.quality) | {"kept_apart": side.kept_apart}
            rates = figures.pop("conflict_rates")
            told = figures | {f"conflicts of {name}": rate for name, rate in rates.items()}
            yield f"{one.diff.entity}, {name}: " + ", ".join(
                f"{key.replace('_', ' ')} {'-' if value is None else f'{value:.4g}'}"
                for key, value in told.items()
            )
    if found.examples:
        yield ""
    for example in found.examples:
        yield f"{example.change.entity_id} {example.kind}: {example.reason}"
    yield ""
    yield gate_line(found, limits, problems).replace("**", "")
