"""Promises in seconds, where nothing else runs: elsewhere a test waits for events alone."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from apprise import Apprise
from apprise.plugins.pagerduty import PAGERDUTY_API_LOOKUP
from google.auth.credentials import AnonymousCredentials
from google.cloud.bigquery import Client
from pydantic import SecretStr

from orchestrator.alerts.anomalies import read_anomalies
from orchestrator.alerts.send import send
from orchestrator.bigquery.connect import Connection
from orchestrator.bigquery.patience import BRIEF
from orchestrator.metrics.send import LONGEST_SECONDS, RunMetrics
from orchestrator.settings.groups import AlertSettings, MetricsSettings
from orchestrator.settings.values import Settings
from tests.faults.night import ROOT
from tests.unit.alert_endpoints import Endpoint, answering, closed, silent, trickling
from tests.unit.run_sample import ended_run
from tests.unit.test_alert_send import BROKEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    Dead = Callable[[], AbstractContextManager[Endpoint] | Endpoint]

pytestmark = [pytest.mark.integration, pytest.mark.slow_fault]

# Threads start late at times.
SLACK = 2.0
DEAD: list[Dead] = [closed, silent, trickling, lambda: answering(500)]


def _opened(dead: Dead) -> AbstractContextManager[Endpoint]:
    found = dead()
    return nullcontext(found) if isinstance(found, Endpoint) else found


def test_help_takes_less_than_three_seconds() -> None:
    started = time.monotonic()
    command = [sys.executable, "-m", "orchestrator.cli", "--help"]
    subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("dead", DEAD)
def test_a_dead_metrics_endpoint_costs_three_seconds_at_most(tmp_path: Path, dead: Dead) -> None:
    with _opened(dead) as endpoint:
        given = MetricsSettings(endpoint=endpoint.url, timeout_seconds=60)
        taken = RunMetrics(Settings(project_dir=tmp_path, metrics=given))
        taken.record_run(ended_run())
        started = time.monotonic()
        assert taken.flush()
        assert time.monotonic() - started < LONGEST_SECONDS + SLACK


@pytest.mark.parametrize("dead", DEAD)
@pytest.mark.parametrize("is_pager", [False, True])
def test_a_dead_channel_costs_no_more_than_the_budget(
    *, dead: Dead, is_pager: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Apprise loads its plugins at first use.
    Apprise.instantiate("json://localhost")
    with _opened(dead) as endpoint:
        address = () if is_pager else (SecretStr(endpoint.address),)
        key = SecretStr("key") if is_pager else None
        monkeypatch.setitem(PAGERDUTY_API_LOOKUP, "us", endpoint.url)
        started = time.monotonic()
        alert = AlertSettings(addresses=address, pagerduty_key=key, budget_seconds=1)
        send(alert, BROKEN)
        assert time.monotonic() - started < 1 + SLACK


def test_the_default_budget_is_ten_seconds_for_everything() -> None:
    Apprise.instantiate("json://localhost")
    with silent() as first, trickling() as second, silent() as third:
        started = time.monotonic()
        alert = AlertSettings(
            addresses=(SecretStr(first.address), SecretStr(second.address)),
            fallback_addresses=(SecretStr(third.address),),
        )
        deliveries = send(alert, BROKEN)
        assert time.monotonic() - started < 10 + SLACK
    assert [delivery.is_delivered for delivery in deliveries] == [False, False, False]


@pytest.mark.parametrize("dead", [closed, silent])
def test_a_dead_warehouse_holds_up_the_message_for_seconds(tmp_path: Path, dead: Dead) -> None:
    with _opened(dead) as endpoint:
        options = {"api_endpoint": f"http://127.0.0.1:{endpoint.port}"}
        client = Client("p", AnonymousCredentials(), client_options=options)
        connection = Connection(Settings(project_dir=tmp_path, project="p"), client)
        started = time.monotonic()
        assert read_anomalies(connection) is None
        assert time.monotonic() - started < 3 * BRIEF.call_seconds
