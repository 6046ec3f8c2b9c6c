"""`concord run`: lock, preflight, freshness, build with retries, publishing, log, alerts.

Whatever happens between the lock and the log ends in a record; what fails after the build changes
nothing of its result.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.dbt.artifacts import RunResults
from orchestrator.dbt.build import Build, Builder
from orchestrator.dbt.error_classes import ErrorClass
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
from orchestrator.lock.hold import hold_lock
from orchestrator.logs import bind_run, get_logger, log_retry
from orchestrator.plan.make import check_budget, make_plan
from orchestrator.redaction import redact
from orchestrator.run.aftermath import (
    could_not_begin,
    keep_for_retry,
    send_alerts,
    send_metrics,
    write_log,
)
from orchestrator.run.facts import RunFacts, interrupted
from orchestrator.run.interruption import Interruption
from orchestrator.run.publish import check_gates, publish_tables
from orchestrator.run.summary import RunSummary, problem_text
from orchestrator.run.watchdog import Watchdog
from orchestrator.run_log.load import ensure_run_log
from orchestrator.run_log.nodes import node_records
from orchestrator.run_log.started import StartedRun, begin_run, new_run_id, remove_old_attempts
from orchestrator.sources.freshness import require_fresh, stale_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.errors import LockLost
    from orchestrator.lock.held import HeldLock
    from orchestrator.run.request import RunRequest
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock

LOG_MODELS: Final = "source:concord_ops+"


@dataclass(frozen=True, slots=True)
class Resumed:
    """What `concord retry` found of an earlier run."""

    run_id: str
    build: Build


def run_night(
    connection: Connection,
    request: RunRequest,
    clock: StepClock,
    resumed: Resumed | None = None,
    *,
    is_last: bool = False,
) -> RunSummary:
    """Build everything that is selected, and record what became of it.

    With `is_last` the command has nothing to do afterwards but to tell the result, which signals
    no longer change.
    """
    settings = connection.settings
    started_at = datetime.now(UTC)
    facts = RunFacts(new_run_id(started_at), started_at, request)
    if resumed is not None:
        facts.resumes, facts.build = resumed.run_id, resumed.build
    bind_run(facts.run_id)
    attempts_dir = settings.state_dir / "dbt" / facts.run_id
    runner = DbtRunner(settings, attempts_dir, clock.on_node, facts.run_id)

    with Interruption(settings.limit.grace_seconds, is_last=is_last) as interruption:

        def on_lost(lost: LockLost) -> None:
            interruption.trigger(lost.message, EXIT_LOCKED)

        with _hold_lock(settings, facts, on_lost) as lock:
            facts.fencing_token = lock.token
            _begin(settings, facts, attempts_dir)
            with Watchdog(settings.limit, runner.pulse, interruption) as watchdog:
                try:
                    with interruption.delivered():
                        _build(connection, facts, runner, clock, watchdog)
                        if facts.build.is_success:
                            _publish(connection, facts, clock, lock, interruption)
                except KeyboardInterrupt:
                    facts.error = interrupted(interruption, facts.run_id)
                except Exception as error:  # noqa: BLE001 - recorded, then raised again
                    facts.error = as_concord_error(error) or error
            summary = _finish(connection, facts, clock)
    if facts.error is not None:
        raise facts.error
    return summary


@contextmanager
def _hold_lock(
    settings: Settings, facts: RunFacts, on_lost: Callable[[LockLost], None]
) -> Iterator[HeldLock]:
    """Hold the lock. A place that cannot be used is a night without a run: somebody has to know.

    A lock that another run holds is none: that run is on record.
    """
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(hold_lock(settings, facts.run_id, on_lost=on_lost))
        except RunLocked:
            raise
        except ConcordError as error:
            could_not_begin(settings, facts.request, error, facts.resumes)
            raise
        yield lock


def _begin(settings: Settings, facts: RunFacts, attempts_dir: Path) -> None:
    remove_old_attempts(settings, attempts_dir.parent)
    started = StartedRun(
        facts.run_id,
        "retry" if facts.resumes else "run",
        facts.started_at,
        str(attempts_dir),
        facts.request.to_json(),
        facts.resumes,
    )
    problem = begin_run(settings, started)
    if problem:
        get_logger().warning("the run could not be noted", problem=problem)


def _build(
    connection: Connection,
    facts: RunFacts,
    runner: DbtRunner,
    clock: StepClock,
    watchdog: Watchdog,
) -> None:
    settings, request = connection.settings, facts.request
    with clock.step("preflight"):
        _preflight(connection, runner, request)
    with clock.step("freshness"):
        declared = read_raw_tables(settings.project_dir).values()
        states = ensure_raw_tables(
            connection, [table for table in declared if table.source in settings.sources]
        )
        request = _with_log_models(connection, request)
        facts.empty_tables = tuple(state.table.full_name for state in states if not state.has_rows)
        facts.stale = stale_tables(connection, states, facts.started_at)
    if request.require_fresh:
        require_fresh(facts.stale)

    with clock.step("build"):
        builder = Builder(runner, request, settings.retry, watchdog.rest, log_retry)
        builder.run(facts.build, lambda: watchdog.seconds_left)
        _check(facts.build, request)


def _with_log_models(connection: Connection, request: RunRequest) -> RunRequest:
    """Make the tables of the run log, which dbt models; without them, leave the models out."""
    problem = problem_of(lambda: ensure_run_log(connection))
    if not problem:
        return request
    get_logger().error("the tables of the run log could not be made", problem=problem)
    return replace(request, exclude=(*request.exclude, LOG_MODELS))


def _preflight(connection: Connection, runner: DbtRunner, request: RunRequest) -> None:
    settings, limit = connection.settings, connection.settings.limit
    require_health(check_health(settings, lambda: connection, components=PREFLIGHT))
    if limit.max_cost is not None or limit.max_pairs is not None:
        plan = make_plan(connection, runner, request.select, request.exclude)
        check_budget(plan, limit.max_cost, limit.max_pairs)


def _check(build: Build, request: RunRequest) -> None:
    if build.is_interrupted:
        raise KeyboardInterrupt
    if build.problem:
        passes = build.problem_class is ErrorClass.TRANSIENT
        raise (WarehouseUnavailable if passes else ConfigurationError)(
            f"dbt could not start the build\n{redact(build.problem)}",
            ("run it again later" if passes else "correct the project or the settings")
            + f"; dbt's log is in {build.target_path}",
        )
    if not build.states and not request.allow_empty:
        raise RunFailed("nothing was selected", "correct --select, or pass --allow-empty")


def _publish(
    connection: Connection,
    facts: RunFacts,
    clock: StepClock,
    lock: HeldLock,
    interruption: Interruption,
) -> None:
    manifest = facts.build.manifest
    gates = check_gates(node_records(facts.build), manifest)
    if not gates.are_open:
        facts.not_published = gates.reason
        return  # A part of the models: its tables would be of different nights.
    with clock.step("publish"):
        result = publish_tables(connection, manifest, lock, at_once=interruption.held_back)
    facts.published_tables, facts.publish_problem = len(result.copied), result.problem
    facts.publish_classes = result.classes


def _finish(connection: Connection, facts: RunFacts, clock: StepClock) -> RunSummary:
    record = facts.record(connection.settings, datetime.now(UTC), dict(clock.seconds))
    with clock.step("log"):
        attempts_dir = connection.settings.state_dir / "dbt" / facts.run_id
        keep_for_retry(connection.settings, record, attempts_dir)
        log_problem, is_reached = write_log(connection, record)
        # A warehouse that did not take the log is not asked again: that would be a minute.
        reached = connection if is_reached else None
        send_metrics(reached, connection.settings, record)
        send_alerts(reached, connection.settings, record)
    nodes = tuple(state.result for state in facts.build.states.values())
    return RunSummary(
        record=record,
        results=RunResults(record.run_id, record.seconds, nodes),
        empty_tables=facts.empty_tables,
        stale_tables=facts.stale,
        problem="" if record.status == "success" else problem_text(record),
        log_problem=log_problem,
        not_published=facts.not_published,
    )
