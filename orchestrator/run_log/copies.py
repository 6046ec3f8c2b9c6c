"""The copies of runs as JSON lines: in `pending/` until the warehouse has them, then in `loaded/`.

What cannot be used is set aside in `refused/`, once, with a warning: it must not stand in the way
of the runs that follow, and nothing is thrown away.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.files.state_files import RunFiles, open_run_files, problem_of, set_aside
from orchestrator.logs import get_logger
from orchestrator.run_log.rows import NODES, RUNS, columns, from_lines, rows_of, to_lines
from orchestrator.run_log.started import RUN_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.run_log.rows import RunRows
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings

PENDING: Final = "pending"
LOADED: Final = "loaded"
SUFFIX: Final = ".jsonl"


def keep_copy(settings: Settings, run: Run) -> str:
    """Keep the copy of a run whose warehouse cannot be reached; return the problem, or ''."""
    name = f"{PENDING}/{run.run_id}{SUFFIX}"
    return problem_of(lambda: open_run_files(settings).write(name, to_lines(rows_of(run))))


def read_copies(settings: Settings, limit: int) -> tuple[RunRows, ...]:
    """Return the newest runs from their copies, the newest first."""
    files = open_run_files(settings)
    names = sorted((*files.names(LOADED), *files.names(PENDING)), key=_run_id_of, reverse=True)
    # A copy that was being moved is in both folders.
    by_run = {_run_id_of(name): name for name in names}
    found: list[RunRows] = []
    for name in by_run.values():
        if len(found) == limit:
            break
        rows = _read_rows(files, name)
        found += [rows] if rows is not None else []
    return tuple(found)


def read_copy(settings: Settings, run_id: str) -> RunRows | None:
    """Return one run from its copy: its file is named by it."""
    files = open_run_files(settings)
    if not RUN_ID.fullmatch(run_id):
        return None
    places = (f"{folder}/{run_id}{SUFFIX}" for folder in (LOADED, PENDING))
    return next((rows for name in places if (rows := _read_rows(files, name))), None)


def add_pending(files: RunFiles, waiting: dict[str, RunRows]) -> None:
    """Add the runs that the warehouse did not take yet."""
    for name in files.names(PENDING):
        run_id = _run_id_of(name)
        if run_id in waiting or not RUN_ID.fullmatch(run_id):
            continue
        rows = _read_rows(files, name)
        if rows is not None:
            waiting[run_id] = rows


def move_loaded(files: RunFiles, loaded: dict[str, RunRows]) -> None:
    """Note that runs are in the warehouse."""
    for run_id, rows in loaded.items():
        files.write(f"{LOADED}/{run_id}{SUFFIX}", to_lines(rows))
        files.remove(f"{PENDING}/{run_id}{SUFFIX}")


def set_rows_aside(files: RunFiles, refused: Iterable[tuple[str, dict[str, Any], str]]) -> None:
    """Keep the rows that the warehouse refuses: table, row and its reason, a file per run."""
    lines: dict[str, str] = {}
    for table, row, problem in refused:
        line = json.dumps({"table": table, "row": row, "problem": problem})
        run_id = str(row["run_id"])
        lines[run_id] = f"{lines.get(run_id, '')}{line}\n"
    for run_id, text in lines.items():
        files.write(f"refused/{run_id}{SUFFIX}", text)


def _read_rows(files: RunFiles, name: str) -> RunRows | None:
    """Return the rows of a copy; one that cannot be used is set aside."""
    text = files.read(name)
    if text is None:
        return None
    try:
        return _usable(from_lines(text), _run_id_of(name))
    except (ValueError, KeyError, TypeError) as error:
        get_logger().warning(
            "a copy of the run log cannot be used: set aside",
            file=name,
            problem=f"{type(error).__name__}: {error}",
        )
        set_aside(files, name, text)
        return None


def _usable(rows: RunRows, run_id: str) -> RunRows:
    """Return rows with all columns of this version, or raise what is wrong with them."""
    (run,) = rows[RUNS]
    if run["run_id"] != run_id:
        raise ValueError(f"it is of run {run['run_id']}")
    for name in ("started_at", "ended_at"):
        datetime.fromisoformat(run[name])
    for node in rows[NODES]:
        if node["run_id"] != run_id or not isinstance(node["unique_id"], str):
            raise ValueError("a node is of another run")
        float(node["seconds"])
    return {
        table: [dict.fromkeys(columns(table)) | row for row in rows[table]]
        for table in (RUNS, NODES)
    }


def _run_id_of(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(SUFFIX)
