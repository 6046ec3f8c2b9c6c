"""One run a target at a time: a lock with a lease, a heartbeat and a fencing token.

A holder that crashed is taken over when its lease ends; on the same machine at once.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import LockLost, RunLocked
from orchestrator.lock.places import clear_errors, lock_place
from orchestrator.lock.state import LockState, new_state, parse_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orchestrator.lock.places import LockPlace
    from orchestrator.settings import Settings

ATTEMPTS: Final = 5
RELEASE_SECONDS: Final = 2.0


def utc_now() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


class HeldLock:
    """A lock that this run holds. A thread renews its lease until it is released."""

    def __init__(
        self,
        place: LockPlace,
        taken: tuple[LockState, Any],
        lease_seconds: float,
        clock: Callable[[], datetime],
        on_lost: Callable[[LockLost], None] | None = None,
    ) -> None:
        self._place = place
        self._state, self._version = taken
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._on_lost = on_lost
        self._problem: LockLost | None = None
        self._stop = threading.Event()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> LockState:
        """Return the lock as it was last written."""
        return self._state

    @property
    def token(self) -> int:
        """Return the fencing token: higher than that of every holder before."""
        return self._state.token

    def is_lost(self) -> bool:
        """Say whether the run must stop writing: another one may hold the lock."""
        return self._problem is not None

    def renew(self) -> None:
        """Begin a new lease, or raise `LockLost`. Call it before a write that must not be late."""
        if self._problem is not None:
            raise self._problem
        with self._writing, clear_errors(self._place.name):
            if not self._write(self._state.renewed(self._clock(), self._lease_seconds)):
                raise self._lost("another run took the lock over, or somebody removed it")

    def start(self, heartbeat_seconds: float) -> None:
        """Start the heartbeat."""
        self._thread = threading.Thread(
            target=self._beat, args=(heartbeat_seconds,), name="lock heartbeat", daemon=True
        )
        self._thread.start()

    def release(self) -> None:
        """Give the lock back. Never raises: what fails is over when the lease ends."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(RELEASE_SECONDS)
        with suppress(Exception):
            if not self.is_lost():
                self._write(self._state.released())

    def _beat(self, seconds: float) -> None:
        while not self._stop.wait(seconds):
            try:
                self.renew()
            except LockLost as lost:
                return self._give_up(lost)
            except Exception as error:  # noqa: BLE001 - a place that does not answer may do so soon
                if self._clock() >= self._state.expires_at:
                    return self._give_up(self._lost(f"it could not be renewed: {error}"))
        return None

    def _give_up(self, lost: LockLost) -> None:
        if self._stop.is_set():
            return
        self._problem = lost
        if self._on_lost is not None:
            self._on_lost(lost)

    def _write(self, state: LockState) -> bool:
        """Replace the lock if it is still ours."""
        version = self._place.replace(state.text, self._version)
        if version is None:
            # Our last write may have come through although its answer did not.
            text, current = self._place.read()
            found = parse_state(text, self._place.name)
            if found is None or found.holder_id != state.holder_id or found.is_released:
                return False
            version = self._place.replace(state.text, current)
        if version is None:
            return False
        self._state, self._version = state, version
        return True

    def _lost(self, why: str) -> LockLost:
        return LockLost(
            f"run {self._state.run_id} lost its lock: {why}",
            "see 'concord health' for the run that holds it; "
            "'concord retry' resumes this one when that has ended",
        )


@contextmanager
def hold_lock(
    settings: Settings,
    run_id: str,
    *,
    on_lost: Callable[[LockLost], None] | None = None,
    clock: Callable[[], datetime] = utc_now,
    place: LockPlace | None = None,
) -> Iterator[HeldLock]:
    """Hold the lock of the target, or raise `RunLocked`. `on_lost` is called on another thread."""
    where = place or lock_place(settings)
    lease_seconds = settings.lock.lease_seconds
    with clear_errors(where.name):
        taken = _take(where, run_id, lease_seconds, clock)
    held = HeldLock(where, taken, lease_seconds, clock, on_lost)
    try:
        held.start(settings.lock.heartbeat_seconds)
        yield held
    finally:
        held.release()


def read_lock(settings: Settings, *, place: LockPlace | None = None) -> LockState | None:
    """Return the lock that a run holds, or left behind without giving it back."""
    where = place or lock_place(settings)
    with clear_errors(where.name):
        state = parse_state(where.read()[0], where.name)
    return None if state is None or state.is_released else state


def _take(
    place: LockPlace, run_id: str, lease_seconds: float, clock: Callable[[], datetime]
) -> tuple[LockState, Any]:
    written: set[str] = set()
    for _ in range(ATTEMPTS):
        text, version = place.read()
        found = parse_state(text, place.name)
        if found is not None and found.holder_id in written:
            return found, version  # The answer to our write got lost.
        if found is not None and not _is_free(found, place, clock()):
            raise _locked(found)
        wanted = new_state(run_id, found, clock(), lease_seconds)
        written.add(wanted.holder_id)
        new_version = place.replace(wanted.text, version)
        if new_version is not None:
            return wanted, new_version
    raise RunLocked(
        f"the lock {place.name} changed hands {ATTEMPTS} times meanwhile",
        "find out what starts so many runs",
    )


def _is_free(found: LockState, place: LockPlace, now: datetime) -> bool:
    return found.is_over(now) or (place.is_on_this_machine and found.is_holder_dead())


def _locked(found: LockState) -> RunLocked:
    return RunLocked(
        f"run {found.run_id} holds the lock since {_in_words(found.since)}, "
        f"until {_in_words(found.expires_at)} unless it renews it "
        f"(process {found.pid} on {found.host})",
        "wait until that run has ended; if its process is dead, its lock ends by itself",
    )


def _in_words(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
