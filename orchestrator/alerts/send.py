"""Sends a message to all channels at once, within one budget of time. Never raises.

A channel that is refused or silent is tried again while time is left, so a message may arrive
twice, but not get lost. The fallback hears of what none of the first channels took.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from orchestrator.alerts.findings import Severity
from orchestrator.errors import ConcordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import SecretStr

    from orchestrator.alerts.message import Message
    from orchestrator.settings.groups import AlertSettings

# Of the budget: the rest is for ending in time.
USED_SHARE: Final = 0.97
# Of that, when there is a fallback to leave time for.
FIRST_SHARE: Final = 0.6
LONGEST_REQUEST: Final = 4.0
SHORTEST_REQUEST: Final = 0.05
FIRST_WAIT: Final = 0.5
BUSY: Final = frozenset({408, 425, 429})
_STATUS: Final = re.compile(r"error=(\d{3})")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one channel. The detail names no address: addresses hold tokens."""

    channel: str
    is_delivered: bool
    detail: str = ""


class _NotTaken(Exception):
    """A channel did not take the message; `status` is HTTP's, None when there was no answer."""

    def __init__(self, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.status = status

    @property
    def is_worth_another_try(self) -> bool:
        return self.status is None or self.status in BUSY or self.status >= 500


class _Unusable(Exception):
    """The channel cannot work: its address or its secret is wrong."""


def _of_address(address: str, _: Message) -> Any:  # noqa: ANN401 - Apprise has no type for it
    from apprise import Apprise

    return Apprise.instantiate(address)


def _pager(region: str, key: str, message: Message) -> Any:  # noqa: ANN401
    from apprise import Apprise

    wanted = {
        "schema": "pagerduty",
        "integrationkey": key,
        # Of another API; the one for events does not look at it.
        "apikey": "none",
        "region_name": region,
        "source": message.source,
        "severity": message.severity.value,
        "click": message.link or None,
        "details": {"text": message.body},
        "include_image": False,
        "action": message.page,
        "dedup": message.incident_key,
    }
    return Apprise.instantiate(wanted)


@dataclass(frozen=True, slots=True)
class _Channel:
    """A place for messages. `open_it` makes Apprise's plugin of its secret for a message."""

    name: str
    secret: str
    open_it: Callable[[str, Message], Any] = _of_address


def send(
    alert: AlertSettings,
    message: Message,
    *,
    resolve: Callable[[str], str] = str,
) -> tuple[Delivery, ...]:
    """Send to the pager and all addresses; to the fallback when none of them took it."""
    started, budget = time.monotonic(), alert.budget_seconds * USED_SHARE
    first = _addresses("address", alert.addresses)
    fallback = _addresses("fallback", alert.fallback_addresses)
    if alert.pagerduty_key and message.page:
        pager = partial(_pager, alert.pagerduty_region)
        first.append(_Channel("pagerduty", alert.pagerduty_key.get_secret_value(), pager))
    deliver = partial(_deliver, message=message, resolve=resolve)
    share = FIRST_SHARE if fallback else 1.0
    deliveries = _send_all(first, started + budget * share, deliver)
    if not any(delivery.is_delivered for delivery in deliveries):
        deliveries += _send_all(fallback, started + budget, deliver)
    return deliveries


def _addresses(name: str, secrets: Iterable[SecretStr]) -> list[_Channel]:
    texts = [secret.get_secret_value() for secret in secrets]
    return [_Channel(f"{name} {n}", text) for n, text in enumerate(texts, 1)]


def _send_all(
    channels: list[_Channel], end: float, deliver: Callable[[_Channel, float], Delivery]
) -> tuple[Delivery, ...]:
    """Wait for all channels, but no longer than the budget: no timeout of a socket is certain."""
    late = {c.name: Delivery(c.name, False, "no answer in time") for c in channels}
    came: dict[str, Delivery] = {}

    def work(channel: _Channel) -> None:
        came[channel.name] = deliver(channel, end)

    # A pool would hold up the end of the process for a thread that hangs.
    threads = [threading.Thread(target=work, args=(channel,), daemon=True) for channel in channels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return tuple((late | came).values())


def _deliver(
    channel: _Channel, end: float, message: Message, resolve: Callable[[str], str]
) -> Delivery:
    from tenacity import Retrying, retry_if_exception, stop_before_delay, wait_exponential_jitter

    retrying = Retrying(
        stop=stop_before_delay(max(0.0, end - time.monotonic())),
        wait=wait_exponential_jitter(FIRST_WAIT, LONGEST_REQUEST, jitter=FIRST_WAIT),
        retry=retry_if_exception(lambda e: isinstance(e, _NotTaken) and e.is_worth_another_try),
        reraise=True,
    )
    detail = ""
    try:
        retrying(_post, channel, resolve(channel.secret), message, end)
    except (_NotTaken, _Unusable) as error:
        detail = str(error)
    except ConcordError as error:
        # It names the secret that cannot be read, never what is in it.
        detail = error.message
    except Exception as error:  # noqa: BLE001 - its text may hold the address
        detail = type(error).__name__
    return Delivery(channel.name, is_delivered=not detail, detail=detail)


def _post(channel: _Channel, secret: str, message: Message, end: float) -> None:
    from apprise import NotifyType

    plugin = channel.open_it(secret, message)
    if plugin is None:
        raise _Unusable("not an address of Apprise")
    # Half of what is left, so that there may be another try.
    seconds = max(SHORTEST_REQUEST, min(LONGEST_REQUEST, (end - time.monotonic()) / 2))
    plugin.socket_connect_timeout = plugin.socket_read_timeout = seconds
    kinds = {Severity.WARNING: NotifyType.WARNING, Severity.INFO: NotifyType.SUCCESS}
    kind = kinds.get(message.severity, NotifyType.FAILURE)
    # The pager shows one line; the rest is among its details.
    is_page = channel.open_it is not _of_address
    text = {"body": message.title} if is_page else {"body": message.body, "title": message.title}
    with _Heard() as heard:
        is_sent = plugin.notify(notify_type=kind, **text)
    if not is_sent:
        detail = f"HTTP {heard.status}" if heard.status else "no connection, or no answer"
        raise _NotTaken(detail, heard.status)


class _Heard(logging.Handler):
    """Finds the status that Apprise logs but does not return, for the calls of one thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.status: int | None = None
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        found = _STATUS.search(record.getMessage())
        if found and record.thread == self._thread:
            self.status = int(found[1])

    def __enter__(self) -> _Heard:
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)
