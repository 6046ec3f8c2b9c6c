"""Sending on real sockets: what is taken, what is tried again, and how long a dead end costs."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from apprise.plugins.pagerduty import PAGERDUTY_API_LOOKUP
from pydantic import SecretStr

from orchestrator.alerts.findings import Severity
from orchestrator.alerts.message import Message
from orchestrator.alerts.send import Delivery, send
from orchestrator.errors import ConfigurationError
from orchestrator.settings.groups import AlertSettings
from tests.unit.alert_endpoints import Endpoint, answering, closed, silent, trickling

if TYPE_CHECKING:
    from collections.abc import Callable

BROKEN = Message(
    "Concord prod: 1 new", "text", Severity.ERROR, "p/concord/prod", "https://x/r1", "trigger"
)
ENDED = Message("Concord prod: 1 resolved", "text", Severity.INFO, "p/concord/prod", page="resolve")
# Of what works, so that it works on a busy machine too.
PATIENT_SECONDS = 120.0


def settings(
    *addresses: str,
    fallback: tuple[str, ...] = (),
    budget: float = PATIENT_SECONDS,
    **values: Any,  # noqa: ANN401
) -> AlertSettings:
    return AlertSettings(
        addresses=tuple(map(SecretStr, addresses)),
        fallback_addresses=tuple(map(SecretStr, fallback)),
        budget_seconds=budget,
        **values,
    )


def pager(**values: Any) -> AlertSettings:  # noqa: ANN401
    return settings(pagerduty_key=SecretStr("routing-key"), **values)


def test_a_message_arrives_with_its_title_and_its_kind() -> None:
    with answering() as one, answering() as two:
        deliveries = send(settings(one.address, two.address), BROKEN)
    assert deliveries == (Delivery("address 1", True), Delivery("address 2", True))
    for endpoint in (one, two):
        (body,) = endpoint.bodies
        assert (body["title"], body["message"]) == (BROKEN.title, BROKEN.body)
        assert body["type"] == "failure"


@pytest.mark.parametrize("dead", [closed, silent, trickling, lambda: answering(500)])
@pytest.mark.parametrize("is_pager", [False, True])
def test_a_dead_endpoint_is_given_up_when_the_budget_ends(
    dead: Callable[[], AbstractContextManager[Endpoint] | Endpoint],
    is_pager: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = dead()
    with nullcontext(found) if isinstance(found, Endpoint) else found as endpoint:
        monkeypatch.setitem(PAGERDUTY_API_LOOKUP, "us", endpoint.url)
        alert = pager(budget=1.0) if is_pager else settings(endpoint.address, budget=1.0)
        # It says nothing for as long as it is listened to.
        (delivery,) = send(alert, BROKEN)
    assert not delivery.is_delivered
    assert delivery.detail
    assert "127.0.0.1" not in delivery.detail


@pytest.mark.parametrize("dead", [closed, silent, lambda: answering(500)])
def test_the_fallback_hears_when_all_others_fail(
    dead: Callable[[], AbstractContextManager[Endpoint] | Endpoint],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_module("orchestrator.alerts.send"), "FIRST_SHARE", 0.01)
    found = dead()
    with nullcontext(found) if isinstance(found, Endpoint) else found as endpoint, answering() as b:
        deliveries = send(settings(endpoint.address, fallback=(b.address,)), BROKEN)
    assert [(d.channel, d.is_delivered) for d in deliveries] == [
        ("address 1", False),
        ("fallback 1", True),
    ]
    assert len(b.bodies) == 1


def test_the_fallback_stays_quiet_when_one_channel_took_it() -> None:
    with answering(400) as bad, answering() as good, answering() as spare:
        alert = settings(bad.address, good.address, fallback=(spare.address,))
        deliveries = send(alert, BROKEN)
    assert [d.is_delivered for d in deliveries] == [False, True]
    assert spare.bodies == []


def test_a_busy_endpoint_is_tried_again_and_a_wrong_request_is_not() -> None:
    with answering(503, 429, 202) as busy, answering(400) as wrong:
        deliveries = send(settings(busy.address, wrong.address), BROKEN)
    assert [d.detail for d in deliveries] == ["", "HTTP 400"]
    assert len(busy.bodies) == 3
    assert len(wrong.bodies) == 1


@pytest.mark.parametrize("region", ["us", "eu"])
def test_the_pager_opens_and_closes_one_incident(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering() as endpoint:
        monkeypatch.setitem(PAGERDUTY_API_LOOKUP, region, endpoint.url)
        alert = pager(pagerduty_region=region)
        assert send(alert, BROKEN) == (Delivery("pagerduty", True),)
        assert send(alert, ENDED) == (Delivery("pagerduty", True),)
    begin, end = endpoint.bodies
    assert [begin["event_action"], end["event_action"]] == ["trigger", "resolve"]
    assert begin["dedup_key"] == end["dedup_key"] == "concord/p/concord/prod"
    assert begin["routing_key"] == end["routing_key"] == "routing-key"
    assert begin["payload"]["summary"] == BROKEN.title
    assert begin["payload"]["severity"] == "error"
    assert begin["payload"]["source"] == "p/concord/prod"
    assert begin["payload"]["custom_details"] == {"text": BROKEN.body}
    assert begin["links"] == [{"href": "https://x/r1"}]


def test_the_address_is_what_the_secret_holds() -> None:
    with answering(202) as endpoint:
        (delivery,) = send(
            settings("secret://hook"), BROKEN, resolve=lambda _: f"{endpoint.address}2"
        )
    assert delivery.is_delivered
    assert endpoint.paths == ["/hook2"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_not_tried_again(status: int) -> None:
    with answering(status) as endpoint:
        (delivery,) = send(settings(endpoint.address), BROKEN)
    assert delivery == Delivery("address 1", False, f"HTTP {status}")
    assert len(endpoint.bodies) == 1


def test_a_secret_that_cannot_be_read_is_a_failure_of_its_channel_only() -> None:
    def resolve(text: str) -> str:
        if text.startswith("secret://"):
            raise PermissionError("token-of-somebody")
        return text

    with answering() as endpoint:
        alert = settings("secret://gone", endpoint.address)
        deliveries = send(alert, BROKEN, resolve=resolve)
    assert deliveries == (
        Delivery("address 1", False, "PermissionError"),
        Delivery("address 2", True),
    )


def test_why_a_secret_cannot_be_read_is_told() -> None:
    def resolve(_: str) -> str:
        raise ConfigurationError("the secret projects/p/secrets/x cannot be read: 403", "grant")

    (delivery,) = send(settings("secret://x"), BROKEN, resolve=resolve)
    assert delivery.detail == "the secret projects/p/secrets/x cannot be read: 403"


def test_an_unusable_address_is_said_without_its_text() -> None:
    (delivery,) = send(settings("nonsense://token@host"), BROKEN)
    assert delivery == Delivery("address 1", False, "not an address of Apprise")


def test_without_channels_nothing_is_sent() -> None:
    assert send(settings(), BROKEN) == ()
