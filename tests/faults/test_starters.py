"""One run a target: of many starters one runs, and a dead holder holds nothing."""

from __future__ import annotations

import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import EXIT_LOCKED, EXIT_OK
from orchestrator.lock.places import lock_place
from orchestrator.lock.state import LockState
from tests.faults.cases import NODE
from tests.faults.conftest import note
from tests.faults.night import MODELS
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from tests.faults.night import Night, Nights

pytestmark = pytest.mark.integration


def _start_many(nights: Nights, count: int, name: str) -> None:
    # Long enough that the last one starts while the first one runs.
    night = nights.night([Fault("job", "slow", node="customers", seconds=count * 0.5)])
    running = [night.start("concord", "run") for _ in range(count)]
    outcomes = [night.finish(one) for one in running]
    codes = Counter(outcome.exit_code for outcome in outcomes)
    assert codes == {EXIT_OK: 1, EXIT_LOCKED: count - 1}, [one.text for one in outcomes]
    assert night.state == nights.undisturbed
    assert set(night.warehouse.count_writes(MODELS).values()) == {1}
    locked = [outcome for outcome in outcomes if outcome.exit_code == EXIT_LOCKED]
    assert all("holds the lock" in outcome.text for outcome in locked)
    note(name, starters=count, seconds=max(one.seconds for one in outcomes), exit_code=0)


def test_two_starters(nights: Nights) -> None:
    _start_many(nights, 2, "two_starters")


@pytest.mark.slow_fault
def test_twenty_starters(nights: Nights) -> None:
    _start_many(nights, 20, "twenty_starters")


def test_dead_holder(nights: Nights) -> None:
    night = nights.night([Fault("job", "slow", node=NODE, seconds=60)])
    running = night.start("concord", "run")
    night.wait_for("poll", NODE)
    running.send(signal.SIGKILL)
    running.wait()
    night.script()
    after = night.concord("run")
    assert after.exit_code == EXIT_OK, after.text
    assert night.state == nights.undisturbed
    note("stale_lock", seconds=after.seconds, exit_code=after.exit_code)


def _foreign(night: Night, ends_in: float) -> None:
    """Write the lock of a run on another machine."""
    now = datetime.now(UTC)
    ends_at = now + timedelta(seconds=ends_in)
    state = LockState(
        run_id="20260101t000000z-aaaaaa",
        host="elsewhere",
        pid=1,
        pid_space="elsewhere",
        holder_id="elsewhere",
        since=now - timedelta(hours=1),
        renewed_at=now,
        expires_at=ends_at,
        token=int(now.timestamp()) + 5,
    )
    place = lock_place(night.settings)
    assert place.replace(state.text, place.read()[1]) is not None


def test_lease_that_ended(nights: Nights) -> None:
    night = nights.night()
    _foreign(night, 60)
    assert night.concord("run").exit_code == EXIT_LOCKED
    _foreign(night, -1)
    token = int(datetime.now(UTC).timestamp())
    after = night.concord("run")
    assert after.exit_code == EXIT_OK, after.text
    # The fencing token grows, whoever held the lock before.
    assert after.run["fencing_token"] > token
    note("foreign_lock", seconds=after.seconds, exit_code=after.exit_code)


def test_lost_lock(nights: Nights) -> None:
    night = nights.night(
        [Fault("job", "slow", node=NODE, seconds=60)],
        CONCORD_LOCK_LEASE_SECONDS="2",
        CONCORD_LOCK_HEARTBEAT_SECONDS="0.5",
    )
    running = night.start("concord", "run")
    night.wait_for("poll", NODE)
    _foreign(night, 60)
    outcome = night.finish(running)
    assert outcome.exit_code == EXIT_LOCKED, outcome.text
    [job] = [job for job in night.stand_in.api.jobs.by_id.values() if job.node == NODE]
    assert job.error is not None, "the job was not cancelled"
    # The other run's lock is still there.
    assert "elsewhere" in lock_place(night.settings).read()[0]
    assert not night.warehouse.count_writes("night_published")
    note("lost_lock", seconds=outcome.seconds, exit_code=outcome.exit_code)
