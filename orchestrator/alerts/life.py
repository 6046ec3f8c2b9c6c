"""The life of an alert: new, still failing, suppressed, resolved. Pure: no clock, no warehouse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from orchestrator.alerts.findings import ANOMALY, NODE, RUN, SOURCE, Finding, Severity
from orchestrator.dbt.node import PASSED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from orchestrator.run_log.run import Run

ANOMALY_NODE: Final = "model.concord.run_metrics_history"
# A reminder may come this much early: a nightly run that is quicker than the one before would
# otherwise wait for another night.
EARLY_SHARE: Final = 0.05


class Stage(StrEnum):
    """What a run means for an alert."""

    NEW = "new"
    STILL_FAILING = "still_failing"
    SUPPRESSED = "suppressed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """What one run meant for one alert; the last event of a fingerprint is its state.

    `notified_at` is when people last heard of it, None when they never did. `is_delivered` says
    whether this event needs no further message. `delivery` is what came of the channels.
    """

    fingerprint: str
    run_id: str
    happened_at: datetime
    stage: Stage
    kind: str
    subject: str
    error_class: str
    severity: Severity
    owner: str
    text: str
    what_to_do: str
    first_seen_at: datetime
    notified_at: datetime | None = None
    n_runs: int = 1
    is_delivered: bool = True
    delivery: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether the alert goes on."""
        return self.stage is not Stage.RESOLVED

    @property
    def needs_message(self) -> bool:
        """Say whether people have to hear of it: not of the end of what they never heard of."""
        if self.stage is Stage.RESOLVED:
            return self.notified_at is not None
        return self.stage is not Stage.SUPPRESSED


State = dict[str, AlertEvent]


def latest(events: tuple[AlertEvent, ...]) -> State:
    """Return the last event of each fingerprint."""
    return {
        event.fingerprint: event for event in sorted(events, key=lambda event: event.happened_at)
    }


def next_events(
    run: Run,
    findings: tuple[Finding, ...],
    state: Mapping[str, AlertEvent],
    now: datetime,
    repeat: timedelta,
    *,
    knows_anomalies: bool = True,
) -> tuple[AlertEvent, ...]:
    """Return what a run means for every alert that it found or ended."""
    found = {finding.fingerprint for finding in findings}
    events = [_begin_or_go_on(run, f, state.get(f.fingerprint), now, repeat) for f in findings]
    for last in state.values():
        if last.fingerprint in found:
            continue
        ends = last.is_open and _is_over(run, last, knows_anomalies=knows_anomalies)
        # Nobody has heard yet that it is over.
        is_untold = not last.is_open and not last.is_delivered
        if ends or is_untold:
            events.append(replace(last, run_id=run.run_id, happened_at=now, stage=Stage.RESOLVED))
    return tuple(events)


def told(
    events: tuple[AlertEvent, ...], now: datetime, *, is_delivered: bool, delivery: str
) -> tuple[AlertEvent, ...]:
    """Note in the events what came of their message."""

    def note(event: AlertEvent) -> AlertEvent:
        if not event.needs_message:
            return replace(event, is_delivered=True, delivery="")
        notified_at = now if is_delivered and event.is_open else event.notified_at
        return replace(event, notified_at=notified_at, is_delivered=is_delivered, delivery=delivery)

    return tuple(note(event) for event in events)


def _begin_or_go_on(
    run: Run, finding: Finding, last: AlertEvent | None, now: datetime, repeat: timedelta
) -> AlertEvent:
    values = {name: getattr(finding, name) for name in Finding.__slots__}
    # An end that nobody heard of was none for them: the alert goes on.
    if last is None or not (last.is_open or not last.is_delivered):
        stage = Stage.NEW
        return AlertEvent(
            **values, run_id=run.run_id, happened_at=now, stage=stage, first_seen_at=now
        )
    if last.notified_at is None:
        stage = Stage.NEW
    elif now - last.notified_at >= repeat * (1 - EARLY_SHARE):
        stage = Stage.STILL_FAILING
    else:
        stage = Stage.SUPPRESSED
    return replace(
        last, **values, run_id=run.run_id, happened_at=now, stage=stage, n_runs=last.n_runs + 1
    )


def _is_over(run: Run, alert: AlertEvent, *, knows_anomalies: bool) -> bool:
    """Say whether a run without the finding shows that it is gone. A skipped node shows nothing."""
    if alert.kind == ANOMALY and not knows_anomalies:
        return False
    if run.is_success and run.builds_everything:
        # Also for nodes that are no longer in the project.
        return True
    if alert.kind == RUN:
        return run.is_success and run.is_whole_night
    passed = {node.unique_id for node in run.nodes if node.status in PASSED}
    if alert.kind == NODE:
        return alert.subject in passed
    if alert.kind == ANOMALY:
        return ANOMALY_NODE in passed
    # The build comes after the check of the sources, so that check came to its end.
    return alert.kind == SOURCE and {"freshness", "build"} <= run.step_seconds.keys()
