"""Health of what is not the warehouse: the lock, and the disk."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from orchestrator.health.report import CheckResult
from orchestrator.settings.groups import is_cloud

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.health.report import Status, Surroundings

GIB: Final = 1024**3
# Below the first dbt may not be able to write its results.
LEAST_DISK_GIB: Final = 0.5
LITTLE_DISK_GIB: Final = 2.0


def check_lock(around: Surroundings) -> CheckResult:
    """Say who holds the lock."""
    from orchestrator.lock.hold import read_lock

    held = read_lock(around.settings)
    if held is None:
        return CheckResult("ok", "free")
    is_on_disk = not is_cloud(around.settings.lock.place)
    if held.is_over(around.now) or (is_on_disk and held.is_holder_dead()):
        return CheckResult(
            "warn",
            f"left behind by run {held.run_id}, which began {held.since:%Y-%m-%d %H:%M} UTC",
            f"the next run takes it over; 'concord retry {held.run_id}' resumes that run",
        )
    return CheckResult("ok", f"run {held.run_id} holds it since {held.since:%Y-%m-%d %H:%M} UTC")


def check_disk(around: Surroundings) -> CheckResult:
    """Look for free space where the state folder is."""
    folder: Path = around.settings.state_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / GIB
    status: Status = "fail" if free < LEAST_DISK_GIB else "warn" if free < LITTLE_DISK_GIB else "ok"
    advice = "" if status == "ok" else f"free some space on the disk of {folder}"
    return CheckResult(status, f"{free:.1f} GiB free", advice)
