"""Who holds the lock: what is written in it, and when it may be taken."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from orchestrator.errors import ConfigurationError

# Clocks differ a little, and a process notes its start a moment after it began.
SLACK: Final = timedelta(seconds=2)
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
PID_SPACE: Final = Path("/proc/self/ns/pid")


class LockState(BaseModel):
    """The lock as it is written down. It stays after a release, so that the token only grows.

    `token` is the fencing token. `holder_id` differs for every time that the lock is taken.
    `pid_space` tells in which boot and container `pid` means something.
    """

    model_config = ConfigDict(frozen=True)

    run_id: str
    host: str
    pid: int
    pid_space: str
    holder_id: str
    since: AwareDatetime
    renewed_at: AwareDatetime
    expires_at: AwareDatetime
    token: int
    is_released: bool = False

    @property
    def text(self) -> str:
        """Return the lock as JSON."""
        return self.model_dump_json(indent=1)

    def renewed(self, now: datetime, lease_seconds: float) -> LockState:
        """Return the lock with a lease that begins now."""
        expires_at = now + timedelta(seconds=lease_seconds)
        return self.model_copy(update={"renewed_at": now, "expires_at": expires_at})

    def released(self) -> LockState:
        """Return the lock as its holder leaves it behind."""
        return self.model_copy(update={"is_released": True})

    def is_over(self, now: datetime) -> bool:
        """Say whether the holder gave it back, or let its lease end."""
        return self.is_released or now >= self.expires_at

    def is_holder_dead(self) -> bool:
        """Say whether the holder was a process of this machine that no longer exists."""
        if (self.host, self.pid_space) != (socket.gethostname(), _pid_space()):
            return False
        import psutil

        try:
            started = psutil.Process(self.pid).create_time()
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False
        # Numbers are used again: a process that began after the last sign of life is another one.
        return started > (self.renewed_at + SLACK).timestamp()


def new_state(
    run_id: str, before: LockState | None, now: datetime, lease_seconds: float
) -> LockState:
    """Return the lock as this process takes it, after the one that was there before."""
    return LockState(
        run_id=run_id,
        host=socket.gethostname(),
        pid=os.getpid(),
        pid_space=_pid_space(),
        holder_id=uuid4().hex,
        since=now,
        renewed_at=now,
        expires_at=now + timedelta(seconds=lease_seconds),
        # Counted from the time, so that it grows even after somebody removed the lock by hand.
        token=max(before.token + 1 if before else 0, int(now.timestamp())),
    )


def parse_state(text: str, place: str) -> LockState | None:
    """Read a lock; None when there never was one."""
    if not text:
        return None
    try:
        return LockState.model_validate_json(text)
    except ValidationError as error:
        raise ConfigurationError(
            f"the lock {place} is not readable", "remove it when no run is in progress"
        ) from error


def _pid_space() -> str:
    try:
        return f"{BOOT_ID.read_text(encoding='ascii').strip()} {PID_SPACE.readlink()}"
    except OSError:
        return ""
