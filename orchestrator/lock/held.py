"""A lock while a run holds it: renewed by one thread, given up in time by another."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import ConcordError, LockLost
from orchestrator.lock.places import clear_errors
from orchestrator.lock.state import parse_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.lock.places import LockPlace
    from orchestrator.lock.state import LockState
    from orchestrator.settings.groups import LockSettings

RELEASE_SECONDS: Final = 2.0


def utc_now() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


class Clocks:
    """The time that others read in the lock, and one that nobody can set."""

    def __init__(
        self,
        wall: Callable[[], datetime] = utc_now,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.wall = wall
        self.steady = steady


class HeldLock:
    """A lock that this run holds.

    Others may take it when its lease ends. This run stops before that: a heartbeat and a request
    earlier, so that what it cancels has ended by then. Both clocks count: others go by the wall
    clock, which somebody may set; the steady one stands still while the machine sleeps.
    """

    def __init__(
        self,
        place: LockPlace,
        taken: tuple[LockState, Any, float],
        settings: LockSettings,
        clocks: Clocks,
        on_lost: Callable[[LockLost], None] | None = None,
    ) -> None:
        self._place = place
        self._state, self._version, self._sent_at = taken
        self._settings = settings
        self._clocks = clocks
        self._on_lost = on_lost
        self._problem: LockLost | None = None
        self._silence = "no heartbeat came through"
        self._stop = threading.Event()
        self._writing = threading.Lock()
        self._threads = [
            threading.Thread(target=self._beat, name="lock heartbeat", daemon=True),
            threading.Thread(target=self._watch, name="lock lease", daemon=True),
        ]

    @property
    def state(self) -> LockState:
        """Return the lock as it was last written."""
        return self._state

    @property
    def token(self) -> int:
        """Return the fencing token: higher than that of every holder before."""
        return self._state.token

    @property
    def seconds_left(self) -> float:
        """Return how long this run may still write."""
        lease, margin = self._settings.lease_seconds, self._settings.margin_seconds
        by_wall = (self._state.expires_at - self._clocks.wall()).total_seconds()
        by_steady = self._sent_at + lease - self._clocks.steady()
        return min(by_wall, by_steady) - margin

    def is_lost(self) -> bool:
        """Say whether the run must stop writing: another one may hold the lock."""
        return self._problem is not None

    def require(self) -> None:
        """Raise `LockLost` unless the lease still lasts. It asks nobody and takes no time."""
        if self._problem is not None:
            raise self._problem
        if self.seconds_left <= 0:
            raise self._lost(f"it could not be renewed: {self._silence}")

    def renew(self) -> None:
        """Begin a new lease, or raise `LockLost`."""
        if self._problem is not None:
            raise self._problem
        with self._writing, clear_errors(self._place.name):
            sent_at = self._clocks.steady()
            state = self._state.renewed(self._clocks.wall(), self._settings.lease_seconds)
            self._write(state)
            self._sent_at = sent_at

    def confirm(self) -> None:
        """Ask the place whether this token is still the newest; raise `LockLost` if it is not.

        A place that does not answer is borne while the lease lasts: until then nobody else can
        have taken the lock.
        """
        try:
            self.renew()
        except LockLost:
            raise
        except ConcordError as error:
            self._silence = error.message
        self.require()

    def start(self) -> None:
        """Start the heartbeat, and the watch over the lease."""
        for thread in self._threads:
            thread.start()

    def release(self) -> None:
        """Give the lock back. Never raises: what fails is over when the lease ends."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(RELEASE_SECONDS)
        with suppress(Exception):
            if not self.is_lost():
                self._write(self._state.released())

    def _beat(self) -> None:
        while not self._stop.wait(self._settings.heartbeat_seconds):
            try:
                self.renew()
            except LockLost as lost:
                return self._give_up(lost)
            except Exception as error:  # noqa: BLE001 - a place that does not answer may do so soon
                self._silence = str(error)
        return None

    def _watch(self) -> None:
        # On a thread of its own: a request to the place may hang for longer than it promises.
        while (left := self.seconds_left) > 0:
            if self._stop.wait(min(left, self._settings.heartbeat_seconds)):
                return
        self._give_up(self._lost(f"it could not be renewed: {self._silence}"))

    def _give_up(self, lost: LockLost) -> None:
        if self._stop.is_set() or self._problem is not None:
            return
        self._problem = lost
        if self._on_lost is not None:
            self._on_lost(lost)

    def _write(self, state: LockState) -> None:
        """Replace the lock if it is still ours, else raise `LockLost`."""
        version = self._place.replace(state.text, self._version)
        if version is None:
            # Our last write may have come through although its answer did not.
            text, current = self._place.read()
            found = parse_state(text, self._place.name)
            if found is None or found.holder_id != state.holder_id or found.is_released:
                raise self._lost(self._whose(found))
            version = self._place.replace(state.text, current)
        if version is None:
            raise self._lost("somebody else writes it")
        self._state, self._version = state, version

    def _whose(self, found: LockState | None) -> str:
        if found is None:
            return "somebody removed it"
        return (
            f"run {found.run_id} took it over, with the fencing token {found.token} "
            f"after {self.token}"
        )

    def _lost(self, why: str) -> LockLost:
        return LockLost(
            f"run {self._state.run_id} lost its lock: {why}",
            "see 'concord health' for the run that holds it; "
            "'concord retry' resumes this one when that has ended",
        )
