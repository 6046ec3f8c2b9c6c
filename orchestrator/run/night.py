"""`concord run`: lock, preflight, freshness, build with retries, accepting, log, alerts.

Whatever happens between the lock and the log ends in the record of the run; what fails after the
build changes nothing of its result.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.dbt.runner import DbtRunner
from orchestrator.errors import (
    EXIT_LOCKED,
    ConcordError,
    ConfigurationError,
    RunFailed,
    RunLocked,
    WarehouseUnavailable,
)
from orchestrator.files.state_files import problem_of
from orchestrator.health.check import PREFLIGHT, check_health, require_health
from orchestrator.interruption import Interruption
from orchestrator.lock.hold import hold_lock
from orchestrator.logs import bind_run, get_logger
from orchestrator.logs.of_runs import log_old_sources, log_retry
from orchestrator.plan.make import check_budget, make_plan
from orchestrator.run.accept import accept_night
from orchestrator.run.build import Builder
from orchestrator.run.outcome import end_run, interrupted
from orchestrator.run.tell import could_not_begin, tell
from orchestrator.run.watchdog import Watchdog
from orchestrator.run_log.load import ensure_run_log
from orchestrator.run_log.started import begin_run, remove_old_attempts
from orchestrator.sources.freshness import require_fresh, stale_tables
from orchestrator.sources.own_tables import RUN_LOG, ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.row_counts import accepted_counts, require_rows
from orchestrator.sources.source_schemas import OWN_SOURCE, read_raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.bigquery.connect import Connection
    from orchestrator.errors import LockLost
    from orchestrator.lock.held import HeldLock
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock

LOG_MODELS: Final = tuple(f"source:{OWN_SOURCE}.{table}+" for table in sorted(RUN_LOG))


def run_night(run: Run, connection: Connection, clock: StepClock, *, is_last: bool = False) -> None:
    """Build everything that is selected, and note in the run what became of it.

    With `is_last` the command has nothing to do afterwards but to tell the result, which signals
    no longer change.
    """
    settings = connection.settings
    bind_run(run.run_id)
    runner = DbtRunner(settings, Path(run.attempts_dir), clock.on_node, run.run_id)
    with (
        Interruption(settings.limit.grace_seconds, is_last=is_last) as interruption,
        _lock(run, settings, interruption) as lock,
    ):
        _begin(run, settings)
        with Watchdog(settings.limit, runner.pulse, interruption) as watchdog:
            try:
                with interruption.delivered():
                    _preflight(run, connection, clock, runner)
                    _freshness(run, connection, clock)
                    _build(run, connection, clock, runner, watchdog)
                    accept_night(run, connection, clock, runner, lock, interruption)
            except KeyboardInterrupt:
                run.error = interrupted(interruption, run.run_id)
            except Exception as error:  # noqa: BLE001 - recorded, then raised again
                run.error = as_concord_error(error) or error
        _end(run, connection, clock)
    if run.error is not None:
        raise run.error


@contextmanager
def _lock(run: Run, settings: Settings, interruption: Interruption) -> Iterator[HeldLock]:
    """Hold the lock. A place that cannot be used is a night without a run: somebody has to know.

    A lock that another run holds is none: that run is on record.
    """

    def on_lost(lost: LockLost) -> None:
        interruption.trigger(lost.message, EXIT_LOCKED)

    with ExitStack() as stack:
        try:
            lock = stack.enter_context(hold_lock(settings, run.run_id, on_lost=on_lost))
        except RunLocked:
            raise
        except ConcordError as error:
            could_not_begin(run, settings, error)
            raise
        run.fencing_token = lock.token
        yield lock


def _begin(run: Run, settings: Settings) -> None:
    """Leave a file that tells of the run if it is killed."""
    remove_old_attempts(settings, Path(run.attempts_dir).parent)
    problem = begin_run(settings, run)
    if problem:
        get_logger().warning("the run could not be noted", problem=problem)


def _preflight(run: Run, connection: Connection, clock: StepClock, runner: DbtRunner) -> None:
    """Stop before anything is built where a run cannot succeed, or would cost too much."""
    settings, limit = connection.settings, connection.settings.limit
    with clock.step("preflight"):
        require_health(check_health(settings, lambda: connection, components=PREFLIGHT))
        if limit.max_cost is not None or limit.max_pairs is not None:
            plan = make_plan(connection, runner, run.request.select, run.request.exclude)
            check_budget(plan, limit.max_cost, limit.max_pairs)


def _freshness(run: Run, connection: Connection, clock: StepClock) -> None:
    """Make the tables that dbt reads, and note those that are empty or old."""
    settings = connection.settings
    with clock.step("freshness"):
        declared = read_raw_tables(settings.project_dir).values()
        states = ensure_raw_tables(
            connection, [table for table in declared if table.source in settings.sources]
        )
        ensure_own_tables(connection)
        _ensure_log_tables(run, connection)
        run.source_rows = {state.table.full_name: state.n_rows for state in states}
        run.empty_tables = tuple(name for name, n_rows in run.source_rows.items() if not n_rows)
        run.stale_tables = stale_tables(connection, states, run.started_at)
        log_old_sources(run)
    if run.request.require_fresh:
        require_fresh(run.stale_tables)
    # A part of the models accepts nothing, and what is built already is not built again.
    if not (run.request.select or run.request.accept_changes or run.todo == frozenset()):
        require_rows(states, accepted_counts(connection), settings.max.source_loss)


def _ensure_log_tables(run: Run, connection: Connection) -> None:
    """Make the tables of the run log, which dbt models; without them, leave the models out."""
    problem = problem_of(lambda: ensure_run_log(connection))
    if problem:
        get_logger().error("the tables of the run log could not be made", problem=problem)
        run.request = replace(run.request, exclude=(*run.request.exclude, *LOG_MODELS))


def _build(
    run: Run, connection: Connection, clock: StepClock, runner: DbtRunner, watchdog: Watchdog
) -> None:
    """Run dbt, node by node again where that can help; raise what is no result."""
    with clock.step("build"):
        builder = Builder(run, runner, connection.settings.retry, watchdog.rest, log_retry)
        builder.build(lambda: watchdog.seconds_left)
        if run.is_interrupted:
            raise KeyboardInterrupt
        if run.dbt_problem:
            passes = run.dbt_problem_class is ErrorClass.TRANSIENT
            raise (WarehouseUnavailable if passes else ConfigurationError)(
                f"dbt could not start the build\n{run.dbt_problem}",
                ("run it again later" if passes else "correct the project or the settings")
                + f"; dbt's log is in {run.answer and run.answer.target_path}",
            )
        if not run.node_by_id and not run.request.allow_empty:
            raise RunFailed("nothing was selected", "correct --select, or pass --allow-empty")


def _end(run: Run, connection: Connection, clock: StepClock) -> None:
    end_run(run, datetime.now(UTC), clock.seconds)
    with clock.step("log"):
        tell(run, connection)
