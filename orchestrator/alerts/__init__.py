"""Tells the right people once what is wrong after a run, and that it is right again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from orchestrator.alerts.findings import Anomaly, find
from orchestrator.alerts.life import next_events, told
from orchestrator.alerts.message import Message, write_message
from orchestrator.alerts.send import Delivery, send
from orchestrator.alerts.store import read_alerts, write_events
from orchestrator.files.state_files import problem_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.alerts.life import AlertEvent, State
    from orchestrator.bigquery.connect import Connection
    from orchestrator.run_log.run import Run
    from orchestrator.settings.groups import AlertSettings
    from orchestrator.settings.values import Settings

    Sender = Callable[[AlertSettings, Message], tuple[Delivery, ...]]

__all__ = ["AlertResult", "Anomaly", "alert"]


@dataclass(frozen=True, slots=True)
class AlertResult:
    """What came of each channel, and what went wrong."""

    deliveries: tuple[Delivery, ...] = ()
    problem: str = ""


def alert(
    connection: Connection | None,
    settings: Settings,
    run: Run,
    anomalies: tuple[Anomaly, ...] | None,
    *,
    resolve: Callable[[str], str] = str,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sender: Sender | None = None,
) -> AlertResult:
    """Tell people what a run means, and keep it in mind. Never raises.

    Without a connection the state comes from the copy. Anomalies that could not be read are None:
    then none of them ends. `resolve` reads the secret that an address names.
    """
    results: list[AlertResult] = []
    send_it = sender or partial(send, resolve=resolve)
    problem = problem_of(
        lambda: results.append(_alert(connection, settings, run, anomalies, clock(), send_it))
    )
    return results[0] if results else AlertResult(problem=problem)


def _alert(
    connection: Connection | None,
    settings: Settings,
    run: Run,
    anomalies: tuple[Anomaly, ...] | None,
    now: datetime,
    sender: Sender,
) -> AlertResult:
    state, unread = read_alerts(connection, settings)
    events = next_events(
        run,
        find(run, anomalies or ()),
        state,
        now,
        timedelta(hours=settings.alert.repeat_hours),
        knows_anomalies=anomalies is not None,
    )
    if not events:
        return AlertResult(problem=unread)
    message = write_message(settings, run, events, _still_open(state, events))
    deliveries: list[Delivery] = []
    # A message that cannot be sent is still one to remember.
    unsent = problem_of(
        lambda: deliveries.extend(sender(settings.alert, message) if message else ())
    )
    outcome = "; ".join(f"{d.channel}: {d.detail or 'delivered'}" for d in deliveries) or unsent
    is_delivered = not unsent and _is_delivered(message, deliveries)
    events = told(events, now, is_delivered=is_delivered, delivery=outcome)
    unwritten = write_events(connection, settings, events)
    undelivered = "" if is_delivered else outcome
    problems = dict.fromkeys(filter(None, (unread, undelivered, unwritten)))
    return AlertResult(tuple(deliveries), "; ".join(problems))


def _still_open(state: State, events: tuple[AlertEvent, ...]) -> tuple[AlertEvent, ...]:
    after = state | {event.fingerprint: event for event in events}
    return tuple(event for event in after.values() if event.is_open)


def _is_delivered(message: Message | None, deliveries: list[Delivery]) -> bool:
    """Say whether people know. An incident that the pager did not close would go on calling them.

    Where no channel is set nobody wants to hear: that is no failure.
    """
    pager = next((d for d in deliveries if d.channel == "pagerduty"), None)
    if message and message.page == "resolve" and pager and not pager.is_delivered:
        return False
    return not deliveries or any(delivery.is_delivered for delivery in deliveries)
