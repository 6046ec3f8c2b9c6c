"""`concord diff`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from orchestrator.command_line.as_json import json_option, print_json
from orchestrator.command_line.build_options import build_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.diff.read import ChangedId, Changes, EntityDiff
    from orchestrator.diff.states import Comparison

# Kind of change -> what stands between an id and the others.
BETWEEN: Final = {"merged": "into", "split": "from", "moved": "from"}


@click.command()
@click.argument("runs", nargs=-1)
@click.option("--examples", default=5, show_default=True, type=click.IntRange(0, 100))
@build_options
@json_option
def diff(runs: tuple[str, ...], examples: int, as_json: bool, **of_builds: Any) -> int:  # noqa: FBT001, ANN401 - by name
    """Show which persons and companies were merged, split and moved, which are new and gone.

    \b
      concord diff                 what a build that waits would change; when none waits,
                                   what the last accepted run changed
      concord diff RUN             what that run changed
      concord diff RUN RUN         from the state after the first to that after the second
      concord diff --against DATASET
                                   from what that prefix of datasets has published to this build

    Runs are compared by the ledger of ids, so it works for all runs since the first. The examples
    are the largest changes, by ids; an address or a number in the id of a record is masked.
    'concord retry --accept-changes' accepts a build that waits.

    With --against, expected quality and conflicts of both are shown too, and --examples counts all
    of them. Exit code 1 when more would change than the limits allow.
    """
    from orchestrator.bigquery.connect import connect_running
    from orchestrator.diff.read import read_diff
    from orchestrator.diff.states import find_comparison
    from orchestrator.errors import EXIT_OK
    from orchestrator.settings.values import load_settings

    if of_builds["against"]:
        from orchestrator.commands.diff_builds import diff_builds

        if runs:
            raise click.UsageError("--against compares builds: leave the runs out")
        return diff_builds(load_settings(), examples=examples, as_json=as_json, **of_builds)
    if len(runs) > 2:
        raise click.UsageError("name two runs at most")
    connection = connect_running(load_settings())
    comparison = find_comparison(connection, runs)
    found = read_diff(connection, comparison, examples)
    if as_json:
        print_json(diff_document(comparison, found))
    else:
        for line in diff_lines(comparison.title, found):
            click.echo(line)
    return EXIT_OK


def diff_document(comparison: Comparison, found: tuple[EntityDiff, ...]) -> dict[str, Any]:
    """Return a difference for programs."""
    return {
        "title": comparison.title,
        "runs": list(comparison.run_ids),
        "is_waiting": comparison.after.has_waiting,
        "entities": [entity_document(diff) for diff in found],
    }


def entity_document(diff: EntityDiff) -> dict[str, Any]:
    """Return the differences of one kind of entity for programs."""
    figures = {"ids_kept": diff.ids_kept, "id_change_share": diff.id_change_share}
    return asdict(diff) | figures


def diff_lines(title: str, found: tuple[EntityDiff, ...]) -> Iterator[str]:
    """Put a difference on a screen or two."""
    from orchestrator.run.id_gate import percent

    yield f"{title}:"
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
