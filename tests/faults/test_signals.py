"""Signals: open jobs are cancelled, the run is written down, the lock is given back."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from orchestrator.lock.hold import read_lock
from tests.faults.cases import NODE
from tests.faults.conftest import note
from tests.faults.night import OPS
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from tests.faults.night import Nights

pytestmark = pytest.mark.integration

# Longer than any test: who waits for such a job waits in vain.
FOR_EVER = 3600.0
CANCEL_SECONDS = 2.0
EXIT_SECONDS = 5.0


def _signalled(nights: Nights, number: signal.Signals, name: str) -> tuple[float, float]:
    """Interrupt a run in the middle of a job; return the seconds to its cancelling and its end."""
    night = nights.night([Fault("job", "slow", node=NODE, seconds=FOR_EVER)])
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
    assert job.error is not None
    assert read_lock(night.settings) is None
    assert outcome.run["status"] == "interrupted"
    assert "concord retry" in outcome.text
    assert "Traceback" not in outcome.text
    cancelled = cancels[0].at - sent
    note(name, seconds=seconds, cancelled=cancelled, exit_code=outcome.exit_code)
    return cancelled, seconds


def test_sigterm(nights: Nights) -> None:
    _signalled(nights, signal.SIGTERM, "sigterm")


def test_sigint(nights: Nights) -> None:
    _signalled(nights, signal.SIGINT, "sigint")


@pytest.mark.slow_fault
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_soon(nights: Nights, number: signal.Signals) -> None:
    # What a page promises in seconds is measured where nothing else runs.
    cancelled, seconds = _signalled(nights, number, number.name.lower())
    assert cancelled <= CANCEL_SECONDS
    assert seconds <= EXIT_SECONDS


def test_sigterm_at_the_log(nights: Nights) -> None:
    night = nights.night([Fault("job", "slow", node="node_results", seconds=FOR_EVER)])
    running = night.start("concord", "run", is_fresh=True)
    night.wait_for("load", "node_results")
    running.send(signal.SIGTERM)
    night.let_end("node_results")
    outcome = night.finish(running)
    # The work is done: the run reports that, whoever is in a hurry.
    assert outcome.exit_code == 0, outcome.text
    assert night.state == nights.undisturbed
    assert outcome.run["status"] == "success"
    rows = night.warehouse.table((OPS, "pipeline_runs")).rows
    assert [row["status"] for row in rows if row["run_id"] == outcome.run["run_id"]] == ["success"]
    assert read_lock(night.settings) is None
    assert "Interrupted" not in outcome.text
    note("sigterm_log", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_sigterm_at_publishing(nights: Nights) -> None:
    # The first job of that name builds the model, the second one copies it.
    night = nights.night([Fault("job", "slow", node="customers", first=2, seconds=FOR_EVER)])
    running = night.start("concord", "run", is_fresh=True)
    night.wait_for("copy", "customers")
    running.send(signal.SIGTERM)
    outcome = night.finish(running)
    assert outcome.exit_code == 130, outcome.text
    assert outcome.run["status"] == "interrupted"
    assert read_lock(night.settings) is None
    # BigQuery goes on with a copy that has begun: the table is the old one, then the new one.
    assert night.state_of_models == nights.undisturbed_models
    night.let_end("customers")
    assert night.state == nights.undisturbed
    night.script()
    again = night.concord("retry")
    assert again.exit_code == 0, again.text
    assert night.state == nights.undisturbed
    note("sigterm_publishing", seconds=outcome.seconds, exit_code=outcome.exit_code)
