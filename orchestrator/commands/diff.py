"""`concord diff`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.diff.read import ChangedId, Changes, EntityDiff
    from orchestrator.diff.states import Comparison

# Kind of change -> what stands between an id and the others.
BETWEEN: Final = {"merged": "into", "split": "from", "moved": "from"}


@click.command()
@click.argument("runs", nargs=-1)
@click.option("--examples", default=5, show_default=True, type=click.IntRange(0, 100))
@json_option
def diff(runs: tuple[str, ...], examples: int, as_json: bool) -> None:  # noqa: FBT001 - by name
    """Show which persons and companies were merged, split and moved, which are new and gone.

    \b
      concord diff                 what a build that waits would change; when none waits,
                                   what the last accepted run changed
      concord diff RUN             what that run changed
      concord diff RUN RUN         from the state after the first to that after the second

    Everything comes from the ledger of ids, so it works for all runs since the first. The examples
    are the largest changes, by ids; an address or a number in the id of a record is masked.
    'concord retry --accept-changes' accepts a build that waits.
    """
    from orchestrator.bigquery.connect import connect_running
    from orchestrator.diff.read import read_diff
    from orchestrator.diff.states import find_comparison
    from orchestrator.settings.values import load_settings

    if len(runs) > 2:
        raise click.UsageError("name two runs at most")
    connection = connect_running(load_settings())
    comparison = find_comparison(connection, runs)
    found = read_diff(connection, comparison, examples)
    if as_json:
        print_json(diff_document(comparison, found))
        return
    for line in diff_lines(comparison, found):
        click.echo(line)


def diff_document(comparison: Comparison, found: tuple[EntityDiff, ...]) -> dict[str, Any]:
    """Return a difference for programs."""
    return {
        "title": comparison.title,
        "runs": list(comparison.run_ids),
        "is_waiting": comparison.after.has_waiting,
        "entities": [asdict(diff) | {"id_change_share": diff.id_change_share} for diff in found],
    }


def diff_lines(comparison: Comparison, found: tuple[EntityDiff, ...]) -> Iterator[str]:
    """Put a difference on a screen or two."""
    from orchestrator.run.id_gate import percent

    yield f"{comparison.title}:"
    for entity in found:
        yield ""
        yield (
            f"{entity.entity}: {entity.entities_before:,} before, {entity.entities_after:,} after; "
            f"{entity.records_before:,} records before, {entity.records_after:,} after"
        )
        if entity.id_change_share is not None:
            share = percent(entity.id_change_share)
            yield f"  {entity.records_changed_id:,} records have another id ({share})"
        if not entity.changes:
            yield "  no id changed"
        for changes in entity.changes:
            yield from _lines_of(changes)


def _lines_of(changes: Changes) -> Iterator[str]:
    yield f"  {changes.kind}: {changes.changes:,} ({changes.records:,} records)"
    for example in changes.examples:
        yield f"    {_example_text(changes.kind, example)}"


def _example_text(kind: str, example: ChangedId) -> str:
    others = f" {BETWEEN[kind]} {', '.join(example.other_ids)}" if kind in BETWEEN else ""
    more = ", ..." if example.records > len(example.record_ids) else ""
    records = ", ".join(example.record_ids) + more
    return f"{example.entity_id}{others}: {records}"
