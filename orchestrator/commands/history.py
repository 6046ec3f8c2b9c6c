"""`concord history`."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from orchestrator.command_line.as_json import json_option, print_json
from orchestrator.command_line.rows import Row, row_lines
from orchestrator.dbt.node_text import in_one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.node import Node
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings

MIB = 1024**2
FIGURES: Final = frozenset({"Seconds", "Nodes", "Failed", "Attempts", "Retries", "MiB", "Ids"})
LONGEST_REASON: Final = 600
# What a program gets of a node, in this order.
OF_A_NODE: Final = (
    *("name", "resource_type", "status", "attempts", "error_class", "seconds", "bytes_billed"),
    "message",
)
Kind = TypeVar("Kind")


@click.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--run", "run_id", help="Show the nodes of this run, failed and slow ones first.")
@click.option("--failed", is_flag=True, help="Only what did not succeed.")
@json_option
def history(limit: int, run_id: str | None, failed: bool, as_json: bool) -> None:  # noqa: FBT001
    """Show what became of the last runs: when, how long, nodes, cost, and why one failed.

    The log is in the tables pipeline_runs and node_results of the dataset <prefix>_ops. When the
    warehouse does not answer, the copies of the log say the same (CONCORD_RUNLOG_PLACE).

    \b
      concord history                     the last runs, the newest first
      concord history --failed            those that did not succeed
      concord history --run RUN_ID        what became of each node of a run

    Ids is the share of records whose id changed in the run, of persons or companies, whichever
    is larger.

    A run that is 'running or killed' has not said how it ended: 'concord retry RUN_ID' resumes
    one that was killed.
    """
    from orchestrator.run_log import history as run_history
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    if run_id is not None:
        nodes = _read(
            settings,
            lambda connection: run_history.read_nodes(connection, run_id),
            lambda: run_history.nodes_of_copy(settings, run_id),
        )
        shown_nodes = [node for node in nodes if not failed or node.error_class][:limit]
        _show([node_line(node) for node in shown_nodes], _node_row, as_json=as_json)
        return
    runs = _read(
        settings,
        lambda connection: run_history.read_runs(connection, limit),
        lambda: run_history.runs_of_copies(settings, limit),
    )
    known = {run.run_id for run in runs}
    runs = (*(run for run in _unfinished(settings) if run.run_id not in known), *runs)
    shown = [run for run in runs if not failed or not run.is_success]
    newest = sorted(shown, key=lambda run: run.run_id, reverse=True)[:limit]
    _show([run_line(run) for run in newest], _run_row, as_json=as_json)


def _read(
    settings: Settings,
    from_warehouse: Callable[[Connection], tuple[Kind, ...]],
    from_copies: Callable[[], tuple[Kind, ...]],
) -> tuple[Kind, ...]:
    from orchestrator.bigquery.connect import connect_running
    from orchestrator.bigquery.errors_in_words import as_concord_error

    try:
        return from_warehouse(connect_running(settings))
    except Exception as error:  # noqa: BLE001 - whatever it is, there are the copies
        known = as_concord_error(error)
        reason = known.message if known else type(error).__name__
        click.echo(f"The warehouse did not answer ({reason}); these are the copies.", err=True)
        return from_copies()


def _unfinished(settings: Settings) -> list[Run]:
    """Return the runs that have begun and said nothing since."""
    from datetime import UTC, datetime

    from orchestrator.run_log.started import list_started

    unfinished = [run for run in list_started(settings) if not run.status]
    for run in unfinished:
        if run.succeeded_by:
            run.problem = f"{run.succeeded_by} has done its work"
        else:
            # It may be going on.
            run.ended_at = datetime.now(UTC)
    return unfinished


def run_line(run: Run) -> dict[str, Any]:
    """Return what a program gets of a run."""
    totals = run.totals
    return {
        "run_id": run.run_id,
        "command": run.command,
        "target": run.target,
        "status": run.status or ("killed" if run.succeeded_by else "running or killed"),
        "started_at": run.started_at,
        "seconds": run.seconds,
        "nodes": totals.nodes,
        "failed_nodes": totals.failed,
        "retries": run.retries,
        "bytes_billed": totals.bytes_billed,
        "id_changes": [asdict(changes) for changes in run.id_changes.values()],
        "problem": run.problem,
    }


def node_line(node: Node) -> dict[str, Any]:
    """Return what a program gets of a node."""
    return {name: getattr(node, name) for name in OF_A_NODE}


def _show(
    entries: list[dict[str, Any]], row: Callable[[dict[str, Any]], Row], *, as_json: bool
) -> None:
    if as_json:
        for entry in entries:
            print_json(entry, is_line=True)
        return
    if not entries:
        click.echo("Nothing to show.")
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in row_lines([row(entry) for entry in entries], FIGURES, width):
        click.echo(line)


def _run_row(run: dict[str, Any]) -> Row:
    cells = {
        "Run": run["run_id"],
        "Seconds": f"{run['seconds']:,.1f}",
        "Nodes": f"{run['nodes']:,}",
        "Failed": str(run["failed_nodes"]),
        "Retries": str(run["retries"]),
        "MiB": _mib(run["bytes_billed"]),
        "Ids": _largest_share(run["id_changes"]),
        "Status": run["status"],
    }
    return Row(cells, run["problem"][:LONGEST_REASON])


def _node_row(node: dict[str, Any]) -> Row:
    error = f"{node['error_class']}: {in_one_line(node['message'])[:LONGEST_REASON]}"
    cells = {
        "Status": node["status"],
        "Attempts": str(node["attempts"]),
        "Seconds": f"{node['seconds']:,.1f}",
        "MiB": _mib(node["bytes_billed"]),
        "Node": f"{node['resource_type']} {node['name']}",
    }
    return Row(cells, error if node["error_class"] else "")


def _largest_share(id_changes: list[dict[str, Any]]) -> str:
    """Return the share of changed ids of the entity that changed most."""
    from orchestrator.run.id_gate import percent

    return percent(max(change["share"] for change in id_changes)) if id_changes else "-"


def _mib(size: int | None) -> str:
    return "-" if size is None else f"{size / MIB:,.0f}"
