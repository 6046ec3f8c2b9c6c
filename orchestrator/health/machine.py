"""Health of what is not the warehouse: the lock, the run log's files, secrets, disk, memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.health.report import CheckResult
from orchestrator.settings.groups import is_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.health.report import Status, Surroundings
    from orchestrator.settings.secrets import SecretReader
    from orchestrator.settings.values import Settings

GIB: Final = 1024**3
# Below the first dbt may not be able to write its results.
LEAST_DISK_GIB: Final = 0.5
LITTLE_DISK_GIB: Final = 2.0
LITTLE_MEMORY_GIB: Final = 0.5
PROBE: Final = "health-probe.json"


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


def check_run_log_copy(around: Surroundings) -> CheckResult:
    """Write a file where the run log keeps its copies, and remove it."""
    from orchestrator.files.state_files import open_run_files

    try:
        files = open_run_files(around.settings)
        files.write(PROBE, "{}")
        files.remove(PROBE)
    except Exception as error:  # noqa: BLE001 - whatever it is, the place is of no use
        return CheckResult(
            "fail",
            f"the copy of the run log cannot be written: {error}",
            "correct CONCORD_RUNLOG_PLACE, or grant the right to write and delete there",
        )
    return CheckResult("ok", around.settings.runlog.place or "in the state folder")


def check_secrets(around: Surroundings, reader: SecretReader | None = None) -> CheckResult:
    """Read every secret that the settings name."""
    from orchestrator.errors import ConcordError
    from orchestrator.settings.secrets import SecretReader

    names = tuple(_secrets_named(around.settings))
    if not names:
        return CheckResult("skipped", "the settings name no secret")
    using = reader or SecretReader(around.settings)
    problems = []
    for name in names:
        try:
            using.resolve(name)
        except ConcordError as error:
            problems.append(error)
    if problems:
        texts = "; ".join(error.message for error in problems)
        return CheckResult("fail", texts, problems[0].what_to_do)
    return CheckResult("ok", f"{len(names)} readable")


def check_disk(around: Surroundings) -> CheckResult:
    """Look for free space where the state folder is."""
    import psutil

    folder: Path = around.settings.state_dir
    while not folder.exists():
        folder = folder.parent
    free = psutil.disk_usage(str(folder)).free / GIB
    status: Status = "fail" if free < LEAST_DISK_GIB else "warn" if free < LITTLE_DISK_GIB else "ok"
    advice = "" if status == "ok" else f"free some space on the disk of {folder}"
    return CheckResult(status, f"{free:.1f} GiB free", advice)


def check_memory(around: Surroundings) -> CheckResult:  # noqa: ARG001 - all checks take the same
    """Look for free memory."""
    import psutil

    free = psutil.virtual_memory().available / GIB
    if free < LITTLE_MEMORY_GIB:
        return CheckResult("warn", f"{free:.1f} GiB available", "stop what is not needed")
    return CheckResult("ok", f"{free:.1f} GiB available")


def _secrets_named(settings: Settings) -> Iterator[str]:
    from orchestrator.settings.secrets import SCHEME

    alert = settings.alert
    key = (alert.pagerduty_key,) if alert.pagerduty_key else ()
    for value in (*alert.addresses, *alert.fallback_addresses, *key):
        text = value.get_secret_value()
        if text.startswith(SCHEME):
            yield text
