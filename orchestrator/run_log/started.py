"""The files of runs that have begun: what is left of one that is killed.

A file goes away when its run succeeds; until then `concord retry` finds here what it goes on with.
One that cannot be read is set aside with a warning: it must not stand in the way of the others.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestrator.dbt.masked_at_rest import mask_artifacts
from orchestrator.files.state_files import RunFiles, open_run_files, problem_of, set_aside
from orchestrator.logs import get_logger

if TYPE_CHECKING:
    from orchestrator.run_log.record import RunStatus
    from orchestrator.settings.values import Settings

SUFFIX: Final = ".started.json"
KEPT_RUNS: Final = 10
# A run id is the name of a file and a label of BigQuery's jobs.
RUN_ID: Final = re.compile(r"[a-z0-9_-]{1,63}")


@dataclass(frozen=True, slots=True)
class StartedRun:
    """What is known of a run before it ends.

    `request` holds the selection and the flags, `attempts_dir` the folders of dbt's invocations.
    `status` is None while the run goes on, and for ever when it was killed. `succeeded_by` is the
    run that has done its work since.
    """

    run_id: str
    command: str
    started_at: datetime
    attempts_dir: str
    request: dict[str, Any] = field(default_factory=dict)
    resumes: str | None = None
    status: RunStatus | None = None
    succeeded_by: str | None = None

    @property
    def is_whole(self) -> bool:
        """Say whether the run was to build everything."""
        return not (self.request.get("select") or self.request.get("exclude"))

    @property
    def is_full_refresh(self) -> bool:
        """Say whether the run was to build incremental models anew."""
        return bool(self.request.get("full_refresh"))

    def covers(self, other: StartedRun) -> bool:
        """Say whether what this run was to build includes what another one was to build."""
        if other.is_full_refresh and not self.is_full_refresh:
            return False
        return self.is_whole or other.request == self.request


def new_run_id(now: datetime) -> str:
    """Return an id that sorts by time: `20261125t080422z-3f9a1c`."""
    return f"{now.astimezone(UTC):%Y%m%dt%H%M%Sz}-{secrets.token_hex(3)}"


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


def begin_run(settings: Settings, run: StartedRun) -> str:
    """Leave the file of a run that begins; return the problem, or ''.

    A run that was killed could not mask the values in dbt's log of it; that is done now.
    """

    def begin() -> None:
        _write(open_run_files(settings), run)
        for other in list_started(settings):
            if other.status is None and other.run_id != run.run_id:
                for folder in Path(other.attempts_dir).glob("*/"):
                    mask_artifacts(folder)

    return problem_of(begin)


def finish_run(settings: Settings, run_id: str, status: RunStatus) -> str:
    """Note how a run ended; return the problem, or ''.

    A successful one leaves no file, and does the work of what it resumes and of earlier runs of
    the same request. One that builds everything does the work of all, except that only a full
    refresh does the work of one.
    """

    def finish() -> None:
        files = open_run_files(settings)
        run = _read(files, run_id)
        if run is None:
            files.remove(run_id + SUFFIX)
            return
        if status != "success":
            _write(files, replace(run, status=status))
            return
        done = {run.run_id, run.resumes}
        for other in reversed(list_started(settings)):
            is_covered = run.covers(other)
            if other.run_id in done or (is_covered and other.started_at < run.started_at):
                done.add(other.resumes)
                _settle(files, other, run_id)
        files.remove(run_id + SUFFIX)

    return problem_of(finish)


def read_started(settings: Settings, run_id: str) -> StartedRun | None:
    """Return what is known of a run that has not succeeded, None for any other."""
    return _read(open_run_files(settings), run_id)


def list_started(settings: Settings) -> tuple[StartedRun, ...]:
    """Return all runs that have not succeeded, the oldest first."""
    files = open_run_files(settings)
    ids = [name.removesuffix(SUFFIX) for name in files.names() if name.endswith(SUFFIX)]
    return tuple(run for run_id in ids if (run := _read(files, run_id)) is not None)


def _settle(files: RunFiles, run: StartedRun, succeeded_by: str) -> None:
    """Forget a run, unless it was killed: then its file is all that tells of it."""
    if run.status is None:
        _write(files, replace(run, succeeded_by=succeeded_by))
    else:
        files.remove(run.run_id + SUFFIX)


def _read(files: RunFiles, run_id: str) -> StartedRun | None:
    text = files.read(run_id + SUFFIX) if RUN_ID.fullmatch(run_id) else None
    if text is None:
        return None
    try:
        return _from_text(text, run_id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        name = run_id + SUFFIX
        get_logger().warning(
            "a started run cannot be read: set aside",
            file=name,
            problem=f"{type(error).__name__}: {error}",
        )
        set_aside(files, name, text)
        return None


def _from_text(text: str, run_id: str) -> StartedRun:
    """Read a file of this version or another one; raise what is wrong with it."""
    values = json.loads(text)
    known = {item.name: values[item.name] for item in fields(StartedRun) if item.name in values}
    run = StartedRun(**known | {"started_at": datetime.fromisoformat(values["started_at"])})
    if run.run_id != run_id:
        raise ValueError(f"it is of run {run.run_id}")
    if run.started_at.tzinfo is None or not isinstance(run.request, dict):
        raise TypeError("it is of another version")
    for name in ("select", "exclude"):
        if not isinstance(run.request.get(name, []), list):
            raise TypeError(f"{name} is no list")
    Path(run.attempts_dir)
    return run


def _write(files: RunFiles, run: StartedRun) -> None:
    values = asdict(run) | {"started_at": run.started_at.isoformat()}
    files.write(run.run_id + SUFFIX, json.dumps(values))
