"""What becomes of a good build: it is accepted as a whole, or leaves everything as it was.

The order is the promise. First the gates; then the ledger, from which later nights go on, and the
model that the night has trained; then the tables that others read; last the history of what these
said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.files.state_files import problem_of
from orchestrator.models.used import has_trained, keep_trained_model
from orchestrator.run.commit import commit_ledger
from orchestrator.run.gates import check_gates, ledger_models
from orchestrator.run.id_gate import read_id_changes, require_few_changes
from orchestrator.run.publish import publish_tables
from orchestrator.run.snapshots import has_snapshots, take_snapshots
from orchestrator.serving.build import build_snapshot
from orchestrator.sources.row_counts import note_row_counts

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.runner import DbtRunner
    from orchestrator.interruption import Interruption
    from orchestrator.lock.held import HeldLock
    from orchestrator.run_log.run import Run
    from orchestrator.steps import StepClock


def accept_night(
    run: Run,
    connection: Connection,
    clock: StepClock,
    runner: DbtRunner,
    lock: HeldLock,
    interruption: Interruption,
) -> None:
    """Commit and publish a night in which everything was built and nothing failed."""
    if not run.is_built:
        return
    gates = check_gates(run.nodes, run.manifest)
    if not gates.are_open:
        run.not_published = gates.reason
        return
    if ledger_models(run.manifest):
        with clock.step("commit"):
            _commit(run, connection, lock, interruption)
    if has_trained(run):
        with clock.step("model"):
            lock.require()
            keep_trained_model(run, connection)
    with clock.step("publish"):
        result = publish_tables(connection, run.manifest, lock, at_once=interruption.held_back)
    run.published_tables, run.publish_problem = len(result.copied), result.problem
    run.publish_classes = result.classes
    if has_snapshots(run) and result.copied and not result.failed:
        with clock.step("snapshots"):
            lock.require()
            run.snapshot_problem = take_snapshots(runner)
    if connection.settings.serve.after_run and result.copied and not result.failed:
        _leave_serving_snapshot(run, connection, clock)


def _leave_serving_snapshot(run: Run, connection: Connection, clock: StepClock) -> None:
    """Write what `concord serve` answers from; the night is good without it, and somebody hears."""
    problem = problem_of(lambda: build_snapshot(connection, run.run_id, clock))
    if problem:
        told = f"the serving snapshot could not be written: {problem}"
        run.snapshot_problem = "\n".join(filter(None, (run.snapshot_problem, told)))


def _commit(run: Run, connection: Connection, lock: HeldLock, interruption: Interruption) -> None:
    """Take the ids of this night for good, unless too many of them differ from the last ones."""
    run.id_changes = read_id_changes(connection, run)
    if not run.request.accept_changes:
        require_few_changes(run.id_changes, connection.settings.max.id_changes)
    run.committed_rows = commit_ledger(connection, run, lock, at_once=interruption.held_back)
    # What was not built by this run is not what the counts are of.
    if run.attempts:
        note_row_counts(connection, run.run_id, run.started_at, run.source_rows)
