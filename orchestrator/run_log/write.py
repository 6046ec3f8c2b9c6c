"""The log of runs: two tables of the warehouse, and a copy of every run as JSON lines.

What the warehouse did not take comes with the next run. Nothing here changes the result of a run:
a failure is a text in the result.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestrator.files.state_files import open_run_files, problem_of
from orchestrator.run_log.copies import add_pending, keep_copy, move_loaded, set_rows_aside
from orchestrator.run_log.load import load_runs
from orchestrator.run_log.rows import rows_of

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.run_log.rows import RunRows
    from orchestrator.run_log.run import Run


@dataclass(frozen=True, slots=True)
class RunLogResult:
    """What became of the log of a run. `loaded` are the runs that are in the warehouse now."""

    loaded: tuple[str, ...]
    problem: str = ""


def write_run(connection: Connection, run: Run) -> RunLogResult:
    """Write a run, and what earlier runs could not: first the copy, then the warehouse."""
    settings = connection.settings
    waiting: dict[str, RunRows] = {run.run_id: rows_of(run)}
    refused: list[tuple[str, dict[str, Any], str]] = []
    no_copy = keep_copy(settings, run)
    unread = problem_of(lambda: add_pending(open_run_files(settings), waiting))
    unloaded = problem_of(lambda: refused.extend(load_runs(connection, waiting.values())))
    loaded = () if unloaded else tuple(waiting)
    # First what was refused: a copy that has moved is not looked at again.
    unkept = problem_of(lambda: set_rows_aside(open_run_files(settings), refused))
    moved = {} if unkept else {id_: waiting[id_] for id_ in loaded}
    unmoved = problem_of(lambda: move_loaded(open_run_files(settings), moved))
    problems = (no_copy, unread, unloaded, _told(refused), unkept, unmoved)
    return RunLogResult(loaded, "; ".join(dict.fromkeys(filter(None, problems))))


def _told(refused: list[tuple[str, dict[str, Any], str]]) -> str:
    """Say which rows the warehouse refused; empty when it took all."""
    counts = Counter(str(row["run_id"]) for _, row, _ in refused)
    return "; ".join(
        f"{count} rows of run {run_id} were refused and set aside in refused/{run_id}.jsonl: "
        + next(problem for _, row, problem in refused if row["run_id"] == run_id)
        for run_id, count in counts.items()
    )
