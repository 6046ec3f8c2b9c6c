"""`concord alerts`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.alerts.life import AlertEvent
    from orchestrator.alerts.send import Delivery
    from orchestrator.bigquery.connect import Connection
    from orchestrator.settings.values import Settings


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def alerts(ctx: click.Context, as_json: bool) -> int | None:  # noqa: FBT001 - click passes it by name
    """List the open alerts, and when a message about each was last sent.

    An alert begins with the run that finds it and ends with a run in which the node passes:

    \b
      new              sent at once
      still_failing    sent again, once in CONCORD_ALERT_REPEAT_HOURS
      suppressed       seen again, but sent not long ago
      resolved         sent once

    `concord alerts test` sends a test message to every channel. The channels are set with
    CONCORD_ALERT_ADDRESSES, CONCORD_ALERT_FALLBACK_ADDRESSES and CONCORD_ALERT_PAGERDUTY_KEY.
    """
    if ctx.invoked_subcommand is not None:
        return None
    from orchestrator.alerts.store import read_alerts, to_row
    from orchestrator.errors import EXIT_OK
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    state, problem = read_alerts(_connection(settings), settings)
    still_open = sorted((e for e in state.values() if e.is_open), key=lambda e: e.first_seen_at)
    if problem:
        click.echo(f"Incomplete: {problem}", err=True)
    if as_json:
        print_json([to_row(event) for event in still_open])
    else:
        click.echo("\n".join(map(_lines, still_open)) or "No alert is open.")
    return EXIT_OK


@alerts.command()
def test() -> int:
    """Send a test message to every channel, and say how each went.

    The pager gets an incident that is closed again at once. Exit code 1 when a channel failed.
    """
    from orchestrator.alerts.findings import Severity
    from orchestrator.alerts.message import Message
    from orchestrator.alerts.send import send
    from orchestrator.bigquery.secrets import read_secret
    from orchestrator.errors import EXIT_FAILED, EXIT_OK, ConfigurationError
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    alert = settings.alert
    title, text = f"Concord {settings.target}: test", "A test of this channel. Nothing is wrong."
    source = f"{settings.project}/{settings.dataset}/{settings.target}/test"
    deliveries: list[Delivery] = []
    for names, page in (
        ({"addresses", "pagerduty_key"}, "trigger"),
        ({"pagerduty_key"}, "resolve"),
        ({"fallback_addresses"}, None),
    ):
        off = {"addresses": (), "fallback_addresses": (), "pagerduty_key": None}
        part = alert.model_copy(update={n: v for n, v in off.items() if n not in names})
        message = Message(title, text, Severity.INFO, source, page=page)  # type: ignore[arg-type]
        deliveries += send(part, message, resolve=partial(read_secret, settings))
    if not deliveries:
        raise ConfigurationError("no channel is set", "set CONCORD_ALERT_ADDRESSES")
    for delivery in deliveries:
        click.echo(f"{delivery.channel:<14}{delivery.detail or 'delivered'}")
    return EXIT_OK if all(delivery.is_delivered for delivery in deliveries) else EXIT_FAILED


def _connection(settings: Settings) -> Connection | None:
    """Open the warehouse; without it the copy says what is open."""
    from orchestrator.bigquery.connect import connect_running
    from orchestrator.errors import LoginRefused, WarehouseUnavailable

    try:
        return connect_running(settings)
    except (LoginRefused, WarehouseUnavailable) as error:
        click.echo(f"From the copy, since {error.message}.", err=True)
        return None


def _lines(event: AlertEvent) -> str:
    told = f"{event.notified_at:%Y-%m-%d %H:%M}" if event.notified_at else "never"
    return (
        f"{event.severity.upper():<9} {event.subject} ({event.error_class}), {event.owner}\n"
        f"          {event.stage} in run {event.run_id}; "
        f"since {event.first_seen_at:%Y-%m-%d %H:%M}, {event.n_runs} runs, told {told}\n"
        f"          What to do: {event.what_to_do}"
    )
