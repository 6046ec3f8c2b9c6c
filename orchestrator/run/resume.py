"""`concord retry`: finds out what an earlier run has left to do, and runs exactly that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.dbt.another_attempt import merge
from orchestrator.dbt.artifacts import owned, read_finished, read_manifest
from orchestrator.dbt.node import PASSED
from orchestrator.dbt.runner import DbtRunner
from orchestrator.errors import InputError
from orchestrator.models.used import with_model
from orchestrator.run.night import run_night
from orchestrator.run_log.kept_attempts import with_attempts
from orchestrator.run_log.run import new_run
from orchestrator.run_log.started import RUN_ID, list_started, read_started

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.node import Node
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock


def resume_run(
    connection: Connection, run_id: str | None, clock: StepClock, *, accept_changes: bool = False
) -> Run | None:
    """Run what is left of a run; None when nothing is. Without an id: the newest that failed."""
    settings = connection.settings
    started = _find(settings, run_id)
    if started is None:
        return None
    # Before dbt makes a folder of that run: one that is there is not brought from the bucket.
    chain = _chain(settings, started)
    if started.request.unknown:
        raise InputError(
            f"run {started.run_id} was started by another version of Concord, with options that "
            "this one does not know",
            "resume it with that version, name another run, or start one with 'concord run'",
        )
    # With the model of that run: another one has other nodes.
    if started.request.model:
        connection = with_model(connection, started.request.model)
    settings = connection.settings
    runner = DbtRunner(settings, settings.state_dir / "dbt" / started.run_id)
    with clock.step("selection"):
        selected = runner.selected(started.request)
        ended = _ended(chain)
    done = {name: node for name, node in ended.items() if node.status in PASSED}
    # With nothing left to build there is still the publishing that a kill may have cut off: the
    # run has not succeeded, or it would not have been found.
    manifest = next(
        (found for path in reversed(_attempts(chain)) if (found := read_manifest(path))), {}
    )
    run = new_run(
        settings,
        replace(started.request, accept_changes=accept_changes or started.request.accept_changes),
        resumes=started.run_id,
        resumed=tuple(before.run_id for before in chain),
        node_by_id={node.unique_id: node for node in owned(done.values(), manifest)},
        manifest=manifest,
        todo=selected - done.keys(),
    )
    run_night(run, connection, clock, is_last=True)
    return run


def _find(settings: Settings, run_id: str | None) -> Run | None:
    """Return the run to go on with: the one that was named, or the last that resumed it."""
    unfinished = [run for run in list_started(settings) if run.succeeded_by is None]
    if run_id is None:
        known = [run for run in unfinished if not run.request.unknown]
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


def _chain(settings: Settings, started: Run) -> list[Run]:
    """Return the run and those that it resumed, the oldest first."""
    chain = [started]
    while chain[0].resumes and (before := read_started(settings, chain[0].resumes)):
        chain.insert(0, before)
    return [with_attempts(settings, run) for run in chain]


def _attempts(chain: list[Run]) -> list[Path]:
    """Return dbt's target folders, in the order of time."""
    return [
        path
        for run in chain
        if Path(run.attempts_dir).is_dir()
        for path in sorted(Path(run.attempts_dir).iterdir())
        if path.is_dir()
    ]


def _ended(chain: list[Run]) -> dict[str, Node]:
    """Return the nodes that came to an end, after their last attempt."""
    nodes: dict[str, Node] = {}
    for path in _attempts(chain):
        ended = read_finished(path)
        nodes = merge(nodes, (node for node in ended if node.resource_type != "operation"))
    return nodes
