"""One run per dataset at a time: a lock with a lease, a heartbeat and a fencing token.

A holder that crashed is taken over when its lease ends; on the same machine at once.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import RunLocked
from orchestrator.lock.held import Clocks, HeldLock
from orchestrator.lock.places import clear_errors, lock_place
from orchestrator.lock.state import LockState, new_state, parse_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from orchestrator.errors import LockLost
    from orchestrator.lock.places import LockPlace
    from orchestrator.settings.values import Settings

ATTEMPTS: Final = 5


@contextmanager
def hold_lock(
    settings: Settings,
    run_id: str,
    *,
    on_lost: Callable[[LockLost], None] | None = None,
    clocks: Clocks | None = None,
) -> Iterator[HeldLock]:
    """Hold the lock of the dataset, or raise `RunLocked`. `on_lost` is called on another thread."""
    where, clocks = lock_place(settings), clocks or Clocks()
    with clear_errors(where.name):
        taken = _take(where, run_id, settings.lock.lease_seconds, clocks)
    held = HeldLock(where, taken, settings.lock, clocks, on_lost)
    try:
        held.start()
        yield held
    finally:
        held.release()


def read_lock(settings: Settings) -> LockState | None:
    """Return the lock that a run holds, or left behind without giving it back."""
    where = lock_place(settings)
    with clear_errors(where.name):
        state = parse_state(where.read()[0], where.name)
    return None if state is None or state.is_released else state


def _take(
    place: LockPlace, run_id: str, lease_seconds: float, clocks: Clocks
) -> tuple[LockState, Any, float]:
    """Return the lock as it was written, its version, and when the write was sent."""
    written: dict[str, float] = {}
    busy: TimeoutError | None = None
    for _ in range(ATTEMPTS):
        text, version = place.read()
        found = parse_state(text, place.name)
        if found is not None and found.holder_id in written:
            return found, version, written[found.holder_id]  # The answer to our write got lost.
        if found is not None and not _is_free(found, place, clocks.wall()):
            raise _locked(found)
        sent_at = clocks.steady()
        wanted = new_state(run_id, found, clocks.wall(), lease_seconds)
        written[wanted.holder_id] = sent_at
        try:
            new_version = place.replace(wanted.text, version)
        except TimeoutError as error:
            busy = error  # Others write at this moment: most likely one of them has it now.
            continue
        if new_version is not None:
            return wanted, new_version, sent_at
    if busy is not None:
        raise busy
    raise RunLocked(
        f"the lock {place.name} changed hands {ATTEMPTS} times meanwhile",
        "find out what starts so many runs",
    )


def _is_free(found: LockState, place: LockPlace, now: datetime) -> bool:
    return found.is_over(now) or (place.is_on_this_machine and found.is_holder_dead())


def _locked(found: LockState) -> RunLocked:
    return RunLocked(
        f"run {found.run_id} has held the lock since {_in_words(found.since)}, "
        f"until {_in_words(found.expires_at)} unless it renews it "
        f"(process {found.pid} on {found.host})",
        "wait until that run has ended; if its process is dead, its lock expires on its own",
    )


def _in_words(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
