"""One run per dataset: of many starters one runs, and a dead holder holds nothing."""

from __future__ import annotations

import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from orchestrator.errors import EXIT_LOCKED, EXIT_OK
from orchestrator.lock.places import lock_place
from orchestrator.lock.state import LockState
from tests.faults.cases import NODE
from tests.faults.conftest import note
from tests.faults.night import MODELS, PUBLISHED
from tests.faults.processes import wait_until
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from tests.faults.night import Night, Nights
    from tests.faults.processes import Running

pytestmark = pytest.mark.integration


def _start_many(nights: Nights, count: int, name: str) -> None:
    # The one that runs does not end before the others have.
    night = nights.night([Fault("job", "slow", node="customers", seconds=3600)])
    running = [night.start("concord", "run") for _ in range(count)]
    wait_until(lambda: sum(one.is_alive for one in running) <= 1)
    night.wait_for("poll", "customers")
    night.let_end("customers")
    outcomes = [night.finish(one) for one in running]
    codes = Counter(outcome.exit_code for outcome in outcomes)
    assert codes == {EXIT_OK: 1, EXIT_LOCKED: count - 1}, [one.text for one in outcomes]
    assert night.state == nights.undisturbed
    assert set(night.warehouse.count_writes(MODELS).values()) == {1}
    locked = [outcome for outcome in outcomes if outcome.exit_code == EXIT_LOCKED]
    assert all("held the lock" in outcome.text for outcome in locked)
    note(name, starters=count, seconds=max(one.seconds for one in outcomes), exit_code=0)


def test_two_starters(nights: Nights) -> None:
    _start_many(nights, 2, "two_starters")


@pytest.mark.slow_fault
def test_twenty_starters(nights: Nights) -> None:
    _start_many(nights, 20, "twenty_starters")


def test_dead_holder(nights: Nights) -> None:
    night = nights.night([Fault("job", "slow", node=NODE, seconds=3600)])
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
    _foreign(night, 3600)
    assert night.concord("run").exit_code == EXIT_LOCKED
    _foreign(night, -1)
    token = int(datetime.now(UTC).timestamp())
    after = night.concord("run")
    assert after.exit_code == EXIT_OK, after.text
    # The fencing token grows, whoever held the lock before.
    assert after.run["fencing_token"] > token
    note("foreign_lock", seconds=after.seconds, exit_code=after.exit_code)


def test_lost_lock(nights: Nights) -> None:
    # Only a heartbeat finds the other holder: the lease lasts longer than the test.
    night = nights.night(
        [Fault("job", "slow", node=NODE, seconds=3600)],
        CONCORD_LOCK_LEASE_SECONDS="600",
        CONCORD_LOCK_HEARTBEAT_SECONDS="0.2",
    )
    running = night.start("concord", "run")
    night.wait_for("poll", NODE)
    _foreign(night, 3600)
    outcome = night.finish(running)
    assert outcome.exit_code == EXIT_LOCKED, outcome.text
    [job] = [job for job in night.stand_in.api.jobs.by_id.values() if job.node == NODE]
    assert job.error is not None, "the job was not cancelled"
    # The other run's lock is still there.
    assert "elsewhere" in lock_place(night.settings).read()[0]
    assert not night.warehouse.count_writes("night_published")
    note("lost_lock", seconds=outcome.seconds, exit_code=outcome.exit_code)


# No heartbeat falls into these: the question at publishing is the first one.
QUIET = {"CONCORD_LOCK_LEASE_SECONDS": "1000", "CONCORD_LOCK_HEARTBEAT_SECONDS": "400"}


def _before_publishing(nights: Nights) -> tuple[Night, Running]:
    """Start a run and stop time in the middle of its last model."""
    night = nights.night([Fault("job", "slow", node="customers", seconds=3600)], **QUIET)
    running = night.start("concord", "run")
    night.wait_for("poll", "customers")
    return night, running


def test_lost_lock_at_publishing(nights: Nights) -> None:
    night, running = _before_publishing(nights)
    _foreign(night, 3600)
    night.let_end("customers")
    outcome = night.finish(running)
    assert outcome.exit_code == EXIT_LOCKED, outcome.text
    assert "took it over, with the fencing token" in outcome.text
    # All is built, and none of it is published.
    assert night.state_of_models == nights.undisturbed_models
    assert not night.warehouse.count_writes(PUBLISHED)
    assert "elsewhere" in lock_place(night.settings).read()[0]
    assert outcome.run["status"] == "interrupted"
    # When the other one has ended, what is left is the publishing.
    _foreign(night, -1)
    again = night.concord("retry")
    assert again.exit_code == EXIT_OK, again.text
    assert night.state == nights.undisturbed
    note("lost_lock_publishing", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_silent_lock_at_publishing(nights: Nights) -> None:
    night, running = _before_publishing(nights)
    # Whoever holds this file keeps everybody from the lock.
    with FileLock(f"{lock_place(night.settings).name}.guard"):
        night.let_end("customers")
        outcome = night.finish(running)
    assert outcome.exit_code == EXIT_OK, outcome.text
    assert night.state == nights.undisturbed
    note("silent_lock_publishing", seconds=outcome.seconds, exit_code=outcome.exit_code)
