"""What never ends is ended: within the limit and ten seconds, with its jobs cancelled."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import EXIT_OK, EXIT_TRANSIENT
from orchestrator.lock.hold import read_lock
from tests.faults.cases import NODE
from tests.faults.conftest import note
from tests.faults.night import MODELS
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from tests.faults.night import Night, Nights, Outcome

# These wait for a clock, so they are for a machine that has nothing else to do; what the watchdog
# says at which time, and that it interrupts, is tested without one in tests/unit.
pytestmark = [pytest.mark.integration, pytest.mark.slow_fault]

LIMIT = 6.0
# For noticing, cancelling and writing down.
MORE = 10.0


def _ended(night: Night, outcome: Outcome, name: str, began: float) -> None:
    assert outcome.exit_code == EXIT_TRANSIENT, outcome.text
    assert "Traceback" not in outcome.text
    [job] = [job for job in night.stand_in.api.jobs.by_id.values() if job.node == NODE]
    assert job.error is not None, "the job was not cancelled"
    seconds = time.time() - began
    assert seconds <= LIMIT + MORE
    note(name, seconds=seconds, limit=LIMIT, exit_code=outcome.exit_code)


def test_silent_poll(nights: Nights) -> None:
    faults = [
        Fault("job", "slow", node=NODE, seconds=120),
        Fault("poll", "hang", node=NODE, seconds=120, times=99),
    ]
    night = nights.night(faults)
    outcome = night.concord("run", is_fresh=True, CONCORD_LIMIT_STALL_SECONDS=str(LIMIT))
    # The silence is counted from dbt's last word: the start of that job.
    _ended(night, outcome, "poll_hang", night.calls("insert", NODE)[0].at)
    # What was done by then is kept, and the next command goes on.
    night.script()
    again = night.concord("retry")
    assert again.exit_code == EXIT_OK, again.text
    assert night.state == nights.undisturbed
    assert night.warehouse.count_writes(MODELS)[f"{MODELS}.beta"] == 1


def test_slow_job(nights: Nights) -> None:
    night = nights.night([Fault("job", "slow", node=NODE, seconds=120)])
    began = time.time()
    outcome = night.concord("run", is_fresh=True, CONCORD_LIMIT_DEADLINE_SECONDS=str(LIMIT))
    _ended(night, outcome, "slow_job", began)
    assert read_lock(night.settings) is None
    assert outcome.run["status"] == "interrupted"
