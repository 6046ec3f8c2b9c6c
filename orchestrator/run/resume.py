"""`concord retry`: finds out what an earlier run has left to do, and runs exactly that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.another_attempt import merge
from orchestrator.dbt.artifacts import read_finished, read_manifest
from orchestrator.dbt.build import Build
from orchestrator.dbt.runner import DbtRunner
from orchestrator.errors import InputError
from orchestrator.run import night as pipeline
from orchestrator.run.request import RunRequest
from orchestrator.run_log.kept_attempts import with_attempts
from orchestrator.run_log.started import RUN_ID, StartedRun, list_started, read_started

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.another_attempt import NodeState
    from orchestrator.dbt.artifacts import NodeResult
    from orchestrator.run.summary import RunSummary
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock

DONE: Final = frozenset({"success", "pass", "warn", "no-op", "reused"})


def resume_run(connection: Connection, run_id: str | None, clock: StepClock) -> RunSummary | None:
    """Run what is left of a run; None when nothing is. Without an id: the newest that failed."""
    settings = connection.settings
    started = _find(settings, run_id)
    if started is None:
        return None
    # Before dbt makes a folder of that run: one that is there is not brought from the bucket.
    chain = _chain(settings, started)
    request = RunRequest.from_json(started.request)
    if request is None:
        raise InputError(
            f"run {started.run_id} was started by another version of Concord, with options that "
            "this one does not know",
            "go on with it by that version, name another run, or start one with 'concord run'",
        )
    runner = DbtRunner(settings, settings.state_dir / "dbt" / started.run_id)
    with clock.step("selection"):
        selected = runner.selected(request)
        states = _states(chain)
    done = {name for name, state in states.items() if state.result.status in DONE}
    # With nothing left to build there is still the publishing that a kill may have cut off: the
    # run has not succeeded, or it would not have been found.
    manifest = next(
        (found for path in reversed(_attempts(chain)) if (found := read_manifest(path))), {}
    )
    build = Build(
        states={name: state for name, state in states.items() if name in done},
        manifest=manifest,
        todo=selected - done,
    )
    resumed = pipeline.Resumed(started.run_id, build)
    return pipeline.run_night(connection, request, clock, resumed, is_last=True)


def _find(settings: Settings, run_id: str | None) -> StartedRun | None:
    """Return the run to go on with: the one that was named, or the last that resumed it."""
    unfinished = [run for run in list_started(settings) if run.succeeded_by is None]
    if run_id is None:
        known = [run for run in unfinished if RunRequest.from_json(run.request) is not None]
        return known[-1] if known else None
    found = next((run for run in unfinished if run.run_id == run_id), None)
    if (
        found is None
        and not read_started(settings, run_id)
        and not (RUN_ID.fullmatch(run_id) and (settings.state_dir / "dbt" / run_id).is_dir())
    ):
        raise InputError(
            f"nothing is known of a run {run_id}", "take a run id from 'concord history'"
        )
    for run in unfinished:
        if found is not None and run.resumes == found.run_id:
            found = run
    return found


def _chain(settings: Settings, started: StartedRun) -> list[StartedRun]:
    """Return the run and those that it resumed, the oldest first."""
    chain = [started]
    while chain[0].resumes and (before := read_started(settings, chain[0].resumes)):
        chain.insert(0, before)
    return [with_attempts(settings, run) for run in chain]


def _attempts(chain: list[StartedRun]) -> list[Path]:
    """Return dbt's target folders, in the order of time."""
    return [
        path
        for run in chain
        if Path(run.attempts_dir).is_dir()
        for path in sorted(Path(run.attempts_dir).iterdir())
        if path.is_dir()
    ]


def _states(chain: list[StartedRun]) -> dict[str, NodeState]:
    states: dict[str, NodeState] = {}
    for path in _attempts(chain):
        results: tuple[NodeResult, ...] = read_finished(path)
        states = merge(states, (node for node in results if node.resource_type != "operation"))
    return states
