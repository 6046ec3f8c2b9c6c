"""Signals: open jobs are cancelled, the run is written down, the lock is given back."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from orchestrator.lock.hold import read_lock
from tests.faults.cases import NODE
from tests.faults.conftest import note
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from tests.faults.night import Nights

pytestmark = pytest.mark.integration

CANCEL_SECONDS = 2.0
EXIT_SECONDS = 5.0


def _signalled(nights: Nights, number: signal.Signals, name: str) -> None:
    night = nights.night([Fault("job", "slow", node=NODE, seconds=60)])
    running = night.start("concord", "run", is_fresh=True)
    night.wait_for("poll", NODE)
    sent, sent_at = time.time(), time.monotonic()
    running.send(number)
    outcome = night.finish(running)
    seconds = time.monotonic() - sent_at
    assert outcome.exit_code == 130, outcome.text
    [job] = [job for job in night.stand_in.api.jobs.by_id.values() if job.node == NODE]
    cancels = [call for call in night.calls("cancel", NODE) if call.job_id == job.job_id]
    assert cancels, outcome.text
    assert cancels[0].at - sent <= CANCEL_SECONDS
    assert seconds <= EXIT_SECONDS
    assert job.error is not None
    assert read_lock(night.settings) is None
    assert outcome.run["status"] == "interrupted"
    assert "concord retry" in outcome.text
    assert "Traceback" not in outcome.text
    note(name, seconds=seconds, cancelled=cancels[0].at - sent, exit_code=outcome.exit_code)


def test_sigterm(nights: Nights) -> None:
    _signalled(nights, signal.SIGTERM, "sigterm")


def test_sigint(nights: Nights) -> None:
    _signalled(nights, signal.SIGINT, "sigint")
