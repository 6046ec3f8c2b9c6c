"""Alert channels that fail: the result stays, the fallback hears of it, ten seconds at most."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import EXIT_FAILED
from tests.faults.cases import NO_RIGHT, NODE
from tests.faults.conftest import note
from tests.faults.stand_in.faults import Fault
from tests.unit.alert_endpoints import answering, closed, silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.night import Nights, Outcome
    from tests.unit.alert_endpoints import Endpoint

pytestmark = pytest.mark.integration

ALERT_SECONDS = 10.0
NOISE_SECONDS = 1.5
FAULT = Fault("job", "fail", "accessDenied", NO_RIGHT, NODE, times=99)
NAMES = {"refuses": "alert_down", "hangs": "alert_hang", "fails": "alert_500"}


@contextmanager
def _endpoint(kind: str) -> Iterator[Endpoint]:
    if kind == "refuses":
        yield closed()
    elif kind == "hangs":
        with silent() as endpoint:
            yield endpoint
    else:
        with answering(500) as endpoint:
            yield endpoint


def _log_seconds(outcome: Outcome) -> float:
    found = re.search(r"^log +([\d.]+) s", outcome.text, re.MULTILINE)
    assert found, outcome.text
    return float(found.group(1))


def _alert_channel(nights: Nights, kind: str, budget: float) -> float:
    """Fail a night whose channel is broken; return the seconds that this costs."""
    usual = nights.night([FAULT]).concord("run")
    night = nights.night([FAULT])
    with _endpoint(kind) as broken, answering(200) as fallback:
        outcome = night.concord(
            "run",
            is_fresh=False,
            CONCORD_ALERT_ADDRESSES=broken.address,
            CONCORD_ALERT_FALLBACK_ADDRESSES=fallback.address,
            CONCORD_ALERT_BUDGET_SECONDS=str(budget),
        )
    assert (usual.exit_code, outcome.exit_code) == (EXIT_FAILED, EXIT_FAILED), outcome.text
    added = _log_seconds(outcome) - _log_seconds(usual)
    # One message for the whole run, and it came by the other way.
    [message] = fallback.bodies
    assert NODE in json.dumps(message)
    assert outcome.run["status"] == usual.run["status"] == "failed"
    if budget == ALERT_SECONDS:
        note(NAMES[kind], added=added, exit_code=outcome.exit_code)
    return added


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_alert_channel(nights: Nights, kind: str) -> None:
    # The fallback gets its part of the budget: enough of it on a busy machine too.
    _alert_channel(nights, kind, 3 * ALERT_SECONDS)


@pytest.mark.slow_fault
@pytest.mark.parametrize("kind", sorted(NAMES))
def test_alert_channel_in_seconds(nights: Nights, kind: str) -> None:
    assert _alert_channel(nights, kind, ALERT_SECONDS) <= ALERT_SECONDS + NOISE_SECONDS


def _missing_secret(nights: Nights, budget: float) -> float:
    usual = nights.night([FAULT]).concord("run")
    night = nights.night([FAULT])
    with answering(200) as fallback:
        outcome = night.concord(
            "run",
            is_fresh=False,
            CONCORD_ALERT_ADDRESSES="secret://projects/p/secrets/pager/versions/latest",
            CONCORD_ALERT_FALLBACK_ADDRESSES=fallback.address,
            GOOGLE_APPLICATION_CREDENTIALS=str(night.folder / "no-such-key.json"),
            CONCORD_ALERT_BUDGET_SECONDS=str(budget),
        )
    assert outcome.exit_code == EXIT_FAILED, outcome.text
    assert len(fallback.bodies) == 1
    assert "Traceback" not in outcome.text
    added = _log_seconds(outcome) - _log_seconds(usual)
    if budget == ALERT_SECONDS:
        note("no_secret", added=added, exit_code=1)
    return added


def test_missing_secret(nights: Nights) -> None:
    _missing_secret(nights, 3 * ALERT_SECONDS)


@pytest.mark.slow_fault
def test_missing_secret_in_seconds(nights: Nights) -> None:
    assert _missing_secret(nights, ALERT_SECONDS) <= ALERT_SECONDS + NOISE_SECONDS
