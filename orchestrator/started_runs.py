"""The files of runs that have begun: what is left of one that is killed.

A file goes away when its run succeeds; until then `concord retry` finds here what it goes on with.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.run_files import RunFiles, open_run_files, problem_of

if TYPE_CHECKING:
    from orchestrator.run_record import RunStatus
    from orchestrator.settings import Settings

SUFFIX: Final = ".started.json"
# A run id is the name of a file and a label of BigQuery's jobs.
RUN_ID: Final = re.compile(r"[a-z0-9_-]{1,63}")


@dataclass(frozen=True, slots=True)
class StartedRun:
    """What is known of a run before it ends.

    `request` holds the selection and the flags, `attempts_dir` the folders of dbt's invocations.
    `status` is None while the run goes on, and for ever when it was killed.
    """

    run_id: str
    command: str
    started_at: datetime
    attempts_dir: str
    request: dict[str, Any] = field(default_factory=dict)
    resumes: str | None = None
    status: RunStatus | None = None


def new_run_id(now: datetime) -> str:
    """Return an id that sorts by time: `20261125t080422z-3f9a1c`."""
    return f"{now.astimezone(UTC):%Y%m%dt%H%M%Sz}-{secrets.token_hex(3)}"


def begin_run(settings: Settings, run: StartedRun) -> str:
    """Leave the file of a run that begins; return the problem, or ''."""
    return problem_of(lambda: _write(open_run_files(settings), run))


def finish_run(settings: Settings, run_id: str, status: RunStatus) -> str:
    """Remove the file of a successful run, note the status of any other; return the problem."""

    def finish() -> None:
        files = open_run_files(settings)
        run = _read(files, run_id)
        if status == "success" or run is None:
            files.remove(run_id + SUFFIX)
        else:
            _write(files, replace(run, status=status))

    return problem_of(finish)


def read_started(settings: Settings, run_id: str) -> StartedRun | None:
    """Return what is known of a run that has not succeeded, None for any other."""
    return _read(open_run_files(settings), run_id)


def list_started(settings: Settings) -> tuple[StartedRun, ...]:
    """Return all runs that have not succeeded, the oldest first."""
    files = open_run_files(settings)
    ids = [name.removesuffix(SUFFIX) for name in files.names() if name.endswith(SUFFIX)]
    return tuple(run for run_id in ids if (run := _read(files, run_id)) is not None)


def _read(files: RunFiles, run_id: str) -> StartedRun | None:
    text = files.read(run_id + SUFFIX) if RUN_ID.fullmatch(run_id) else None
    if text is None:
        return None
    values = json.loads(text)
    return StartedRun(**values | {"started_at": datetime.fromisoformat(values["started_at"])})


def _write(files: RunFiles, run: StartedRun) -> None:
    values = asdict(run) | {"started_at": run.started_at.isoformat()}
    files.write(run.run_id + SUFFIX, json.dumps(values))
