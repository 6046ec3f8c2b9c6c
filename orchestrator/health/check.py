"""Checks what a run needs, component by component. No failure of a check raises."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.errors import RunFailed, WarehouseUnavailable
from orchestrator.health.machine import check_disk, check_lock
from orchestrator.health.report import CheckResult, ComponentHealth, HealthReport, Surroundings
from orchestrator.health.rights import check_permissions, check_run_log
from orchestrator.health.warehouse import (
    check_last_success,
    check_sources,
    check_warehouse,
)
from orchestrator.lock.held import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection
    from orchestrator.health.report import Check
    from orchestrator.settings.values import Settings

WAREHOUSE: Final = "warehouse"
CHECKS: Final[dict[str, Check]] = {
    WAREHOUSE: check_warehouse,
    "permissions": check_permissions,
    "run log": check_run_log,
    "last success": check_last_success,
    "sources": check_sources,
    "lock": check_lock,
    "disk": check_disk,
}
NEED_WAREHOUSE: Final = frozenset({"permissions", "run log", "last success", "sources"})
# What `concord run` looks at before it starts.
PREFLIGHT: Final = (WAREHOUSE, "permissions", "disk")


def check_health(
    settings: Settings,
    open_connection: Callable[[], Connection],
    *,
    components: Sequence[str] = tuple(CHECKS),
    clock: Callable[[], datetime] = utc_now,
) -> HealthReport:
    """Check the components; with a warehouse that failed, what needs it is skipped."""
    around = Surroundings(settings, open_connection, clock())
    done: list[ComponentHealth] = []
    for name in components:
        if name in NEED_WAREHOUSE and _is_down(done):
            done.append(ComponentHealth(name, "skipped", "the warehouse does not answer", 0.0))
            continue
        started = time.monotonic()
        found = _find(CHECKS[name], around)
        seconds = time.monotonic() - started
        done.append(
            ComponentHealth(
                name, found.status, found.detail, seconds, found.what_to_do, found.passes
            )
        )
    return HealthReport(tuple(done))


def require_health(report: HealthReport) -> None:
    """Refuse a run that would fail, or that would do harm."""
    if not report.is_healthy:
        error = WarehouseUnavailable if all(one.passes for one in report.failed) else RunFailed
        raise error(
            "\n".join(f"{one.name}: {one.detail}" for one in report.failed),
            "; ".join(dict.fromkeys(one.what_to_do for one in report.failed)),
        )


def _find(check: Check, around: Surroundings) -> CheckResult:
    try:
        return check(around)
    except Exception as error:  # noqa: BLE001 - the other checks go on
        known = as_concord_error(error)
        if known is not None:
            passes = isinstance(known, WarehouseUnavailable)
            return CheckResult("fail", known.message, known.what_to_do, passes)
        return CheckResult("fail", f"{type(error).__name__}: {error}", "report this with its text")


def _is_down(done: list[ComponentHealth]) -> bool:
    return any(one.name == WAREHOUSE and one.status == "fail" for one in done)
