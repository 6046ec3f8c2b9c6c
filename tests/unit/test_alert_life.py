"""When an alert begins, is repeated, and ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.alerts.findings import ANOMALY, RUN, Anomaly, Severity, find
from orchestrator.alerts.life import ANOMALY_NODE, EARLY_SHARE, Stage, State, next_events, told
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.dbt.request import RunRequest
from tests.unit.run_sample import STARTED, ended_run, node

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.alerts.life import AlertEvent
    from orchestrator.run_log.run import Run

DAY = timedelta(days=1)
ODD = Anomaly("n_rows", "stg_files__people", 0, 1000, -50.0, "error", "See the load.")
ONLY_A = RunRequest(("a",))
WITHOUT_STAGING = RunRequest(exclude=("staging",))
QUIET: dict[str, Any] = {"problem": "", "exit_code": 0, "status": "success"}


def step(
    state: State,
    record: Run,
    now: datetime,
    anomalies: tuple[Anomaly, ...] | None = (),
    *,
    is_delivered: bool = True,
    repeat: timedelta = DAY,
) -> tuple[AlertEvent, ...]:
    """Let one run happen and keep its events in the state."""
    found = find(record, anomalies or ())
    events = next_events(record, found, state, now, repeat, knows_anomalies=anomalies is not None)
    events = told(events, now, is_delivered=is_delivered, delivery="")
    state.update({event.fingerprint: event for event in events})
    return events


def broken(error_class: ErrorClass = ErrorClass.PERMANENT) -> Run:
    return ended_run(nodes=(node("a", "error", error_class=error_class), node("b")))


def stages(events: tuple[AlertEvent, ...]) -> list[str]:
    return [str(event.stage) for event in events]


def test_a_failure_is_new_then_quiet_then_a_reminder_then_resolved() -> None:
    state: State = {}
    seen = [stages(step(state, broken(), STARTED + n * DAY / 2)) for n in range(4)]
    assert seen == [["new"], ["suppressed"], ["still_failing"], ["suppressed"]]
    (end,) = step(state, ended_run(nodes=(node("a"),), **QUIET), STARTED + 2 * DAY)
    assert end.stage is Stage.RESOLVED
    assert end.first_seen_at == STARTED
    assert end.n_runs == 4
    assert end.needs_message
    assert step(state, ended_run(nodes=(node("a"),), **QUIET), STARTED + 3 * DAY) == ()


def test_a_reminder_comes_every_night_though_runs_differ_in_length() -> None:
    state: State = {}
    step(state, broken(), STARTED + timedelta(minutes=40))
    assert stages(step(state, broken(), STARTED + DAY)) == ["still_failing"]


@pytest.mark.parametrize("status", ["skipped", "not_run"])
def test_a_run_that_did_not_execute_the_node_ends_nothing(status: str) -> None:
    state: State = {}
    step(state, broken(), STARTED)
    other = ended_run(nodes=(node("a", status), node("b", "error")))
    assert stages(step(state, other, STARTED + DAY / 4)) == ["new"]
    part = ended_run(nodes=(node("b"),), request=RunRequest(("b",)), **QUIET)
    assert [e.subject for e in step(state, part, STARTED + DAY / 2)] == ["model.concord.b"]
    (end,) = step(state, ended_run(nodes=(node("a"),), request=ONLY_A, **QUIET), STARTED + DAY)
    assert end.stage is Stage.RESOLVED


def test_a_node_that_is_gone_ends_with_a_whole_success() -> None:
    state: State = {}
    step(state, broken(), STARTED)
    assert stages(step(state, ended_run(nodes=(node("b"),), **QUIET), STARTED)) == ["resolved"]


def test_another_error_of_the_same_node_does_not_end_the_first() -> None:
    state: State = {}
    step(state, broken(), STARTED)
    assert stages(step(state, broken(ErrorClass.COST_CAP), STARTED + DAY / 4)) == ["new"]
    assert stages(step(state, broken(), STARTED + DAY / 2)) == ["suppressed"]
    end = step(state, ended_run(nodes=(node("a"),), **QUIET), STARTED + DAY)
    assert stages(end) == ["resolved", "resolved"]


def test_what_nobody_heard_of_stays_new_and_ends_in_silence() -> None:
    state: State = {}
    for n in range(2):
        assert stages(step(state, broken(), STARTED + n * DAY / 9, is_delivered=False)) == ["new"]
    (end,) = step(state, ended_run(nodes=(node("a"),), **QUIET), STARTED + DAY)
    assert end.stage is Stage.RESOLVED
    assert not end.needs_message


def test_an_end_that_was_not_delivered_is_told_again_once() -> None:
    state: State = {}
    fine = ended_run(nodes=(node("a"),), **QUIET)
    step(state, broken(), STARTED)
    assert stages(step(state, fine, STARTED + DAY, is_delivered=False)) == ["resolved"]
    assert stages(step(state, fine, STARTED + 2 * DAY)) == ["resolved"]
    assert step(state, fine, STARTED + 3 * DAY) == ()


def test_an_anomaly_ends_only_where_anomalies_were_computed_and_read() -> None:
    state: State = {}
    (begin,) = step(state, ended_run(nodes=(), **QUIET), STARTED, (ODD,))
    assert (begin.kind, begin.severity) == (ANOMALY, Severity.ERROR)
    assert step(state, ended_run(nodes=(node("a"),), **QUIET), STARTED, None) == ()
    assert step(state, ended_run(nodes=(node("a"),), request=ONLY_A, **QUIET), STARTED) == ()
    computed = ended_run(nodes=(node(ANOMALY_NODE.split(".")[-1]),), request=ONLY_A, **QUIET)
    assert stages(step(state, computed, STARTED)) == ["resolved"]


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"request": WITHOUT_STAGING}, True),
        ({"request": replace(WITHOUT_STAGING, full_refresh=True)}, True),
        ({"request": RunRequest(("+dim_persons",)), "published_tables": 8}, True),
        ({"request": RunRequest(("dim_persons",))}, False),
        ({"request": WITHOUT_STAGING, "status": "interrupted", "exit_code": 130}, False),
    ],
)
def test_what_was_wrong_with_a_run_ends_with_a_night_that_may_leave_models_out(
    values: dict[str, Any], ends: bool
) -> None:
    down = ended_run(status="transient", exit_code=3, nodes=(), problem="no answer")
    state: State = {}
    step(state, down, STARTED)
    assert [event.kind for event in state.values()] == [RUN]
    good = ended_run(nodes=(node("a"),), **QUIET | values)
    events = [e for e in step(state, good, STARTED + DAY) if e.subject == "transient"]
    assert stages(tuple(events)) == (["resolved"] if ends else [])


def test_a_stale_source_ends_with_a_finished_check_of_the_sources() -> None:
    state: State = {}
    stale = ended_run(status="refused", stale_sources=("files_people",), nodes=())
    assert [e.kind for e in step(state, stale, STARTED)] == ["run", "source"]
    stopped = ended_run(status="interrupted", nodes=(), step_seconds={"freshness": 1.0})
    assert [e.subject for e in step(state, stopped, STARTED)] == ["interrupted"]
    failed = ended_run(nodes=(node("a", "error"),))
    assert stages(step(state, failed, STARTED)) == ["new", "resolved"]


Night = tuple[frozenset[str], frozenset[str], bool, int]
NIGHTS = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from("abc")),  # fail
        st.frozensets(st.sampled_from("abc")),  # do not run
        st.booleans(),  # is the message delivered
        st.integers(1, 40),  # hours since the run before
    ),
    max_size=25,
)


@settings(deadline=None)
@given(NIGHTS)
def test_new_and_resolved_take_turns_whatever_happens(nights: list[Night]) -> None:
    state: State = {}
    now = STARTED
    told_of: dict[str, list[tuple[str, datetime]]] = {name: [] for name in "abc"}
    for fail, left_out, is_delivered, hours in nights:
        now += timedelta(hours=hours)
        outcome = {n: "error" if n in fail else "success" for n in "abc"}
        outcome |= dict.fromkeys(left_out, "skipped")
        is_bad = "error" in outcome.values() or left_out
        record = ended_run(
            status="failed" if is_bad else "success",
            nodes=tuple(node(n, status) for n, status in outcome.items()),
        )
        for event in step(state, record, now, is_delivered=is_delivered):
            name = event.subject.rpartition(".")[2]
            if name not in told_of:
                continue  # The run itself: everything that ran was fine.
            if event.stage is Stage.RESOLVED:
                assert outcome[name] == "success" or not event.is_delivered or is_delivered
            if event.needs_message and is_delivered:
                told_of[name].append((str(event.stage), now))
    for history in told_of.values():
        heard_at: datetime | None = None
        for stage, at in history:
            # Nothing is new twice, and nothing ends twice or without a beginning.
            assert (heard_at is None) == (stage == "new")
            if heard_at and stage == "still_failing":
                assert at - heard_at >= DAY * (1 - EARLY_SHARE)
            heard_at = None if stage == "resolved" else at
