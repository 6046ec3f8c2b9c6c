"""The files of runs that have begun: what is left of one that is killed.

A file goes away when its run succeeds; until then `concord retry` finds here what it goes on with.
One that cannot be read is set aside with a warning: it must not stand in the way of the others.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.masked_at_rest import mask_artifacts
from orchestrator.dbt.request import RunRequest
from orchestrator.files.state_files import RunFiles, open_run_files, problem_of, set_aside
from orchestrator.logs import get_logger
from orchestrator.run_log.run import Run

if TYPE_CHECKING:
    from orchestrator.settings.values import Settings

SUFFIX: Final = ".started.json"
KEPT_RUNS: Final = 10
# What the file holds as it is, beside status, time and request.
KEPT: Final = ("run_id", "command", "attempts_dir", "resumes", "succeeded_by")
# A run id is the name of a file and a label of BigQuery's jobs.
RUN_ID: Final = re.compile(r"[a-z0-9_-]{1,63}")


def remove_old_attempts(settings: Settings, folder: Path) -> None:
    """Remove the folders of dbt's invocations of old runs.

    The newest runs stay, and of those that are not done the newest, whatever ran since: `concord
    retry` needs their results.
    """
    if not folder.is_dir():
        return
    # Run ids sort by age.
    runs = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    unfinished: list[str] = []
    problem_of(
        lambda: unfinished.extend(
            run.run_id for run in list_started(settings) if run.succeeded_by is None
        )
    )
    kept = {*runs[-KEPT_RUNS + 1 :], *unfinished[-KEPT_RUNS:]}
    for old in set(runs) - kept:
        shutil.rmtree(folder / old, ignore_errors=True)


def begin_run(settings: Settings, run: Run) -> str:
    """Leave the file of a run that begins; return the problem, or ''.

    A run that was killed could not mask the values in dbt's log of it; that is done now.
    """

    def begin() -> None:
        _write(open_run_files(settings), run)
        for other in list_started(settings):
            if not other.status and other.run_id != run.run_id:
                for folder in Path(other.attempts_dir).glob("*/"):
                    mask_artifacts(folder)

    return problem_of(begin)


def finish_run(settings: Settings, ended: Run) -> str:
    """Note how a run ended; return the problem, or ''.

    A successful one leaves no file, and does the work of what it resumes and of earlier runs of
    the same request. One that builds everything does the work of all, except that only a full
    refresh does the work of one.
    """

    def finish() -> None:
        files = open_run_files(settings)
        run = _read(settings, files, ended.run_id)
        if run is None:
            files.remove(ended.run_id + SUFFIX)
            return
        if not ended.is_success:
            _write(files, replace(run, status=ended.status))
            return
        done = {run.run_id, run.resumes}
        for other in reversed(list_started(settings)):
            is_covered = run.request.covers(other.request)
            if other.run_id in done or (is_covered and other.started_at < run.started_at):
                done.add(other.resumes)
                _settle(files, other, run.run_id)
        files.remove(run.run_id + SUFFIX)

    return problem_of(finish)


def read_started(settings: Settings, run_id: str) -> Run | None:
    """Return what is known of a run that has not succeeded, None for any other."""
    return _read(settings, open_run_files(settings), run_id)


def list_started(settings: Settings) -> tuple[Run, ...]:
    """Return all runs that have not succeeded, the oldest first."""
    files = open_run_files(settings)
    ids = [name.removesuffix(SUFFIX) for name in files.names() if name.endswith(SUFFIX)]
    found = (_read(settings, files, run_id) for run_id in ids)
    return tuple(run for run in found if run is not None)


def _settle(files: RunFiles, run: Run, succeeded_by: str) -> None:
    """Forget a run, unless it was killed: then its file is all that tells of it."""
    if not run.status:
        _write(files, replace(run, succeeded_by=succeeded_by))
    else:
        files.remove(run.run_id + SUFFIX)


def _read(settings: Settings, files: RunFiles, run_id: str) -> Run | None:
    text = files.read(run_id + SUFFIX) if RUN_ID.fullmatch(run_id) else None
    if text is None:
        return None
    try:
        return _from_text(settings, text, run_id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        name = run_id + SUFFIX
        get_logger().warning(
            "a started run cannot be read: set aside",
            file=name,
            problem=f"{type(error).__name__}: {error}",
        )
        set_aside(files, name, text)
        return None


def _from_text(settings: Settings, text: str, run_id: str) -> Run:
    """Read a file of this version or another one; raise what is wrong with it."""
    values = json.loads(text)
    run = Run(
        target=settings.target,
        dataset=settings.dataset,
        started_at=datetime.fromisoformat(values["started_at"]),
        request=RunRequest.from_json(values.get("request", {})),
        status=values.get("status") or "",
        **{name: values[name] for name in KEPT if name in values},
    )
    if run.run_id != run_id:
        raise ValueError(f"it is of run {run.run_id}")
    if run.started_at.tzinfo is None:
        raise TypeError("it is of another version")
    Path(values["attempts_dir"])
    return run


def _write(files: RunFiles, run: Run) -> None:
    values = {name: getattr(run, name) for name in KEPT} | {
        "started_at": run.started_at.isoformat(),
        "request": run.request.to_json(),
        "status": run.status or None,
    }
    files.write(run.run_id + SUFFIX, json.dumps(values))
