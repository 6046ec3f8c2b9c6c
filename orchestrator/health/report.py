"""What a health check says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection
    from orchestrator.settings.values import Settings

Status = Literal["ok", "warn", "fail", "skipped"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found."""

    status: Status
    detail: str
    what_to_do: str = ""
    # A failure that may be over in a while.
    passes: bool = False


@dataclass(frozen=True, slots=True)
class ComponentHealth:
    """The state of one component, and how long it took to find out."""

    name: str
    status: Status
    detail: str
    seconds: float
    what_to_do: str = ""
    passes: bool = False


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The state of everything that was checked."""

    components: tuple[ComponentHealth, ...]

    @property
    def failed(self) -> tuple[ComponentHealth, ...]:
        """Return what would make a run fail, or hides that runs fail."""
        return tuple(one for one in self.components if one.status == "fail")

    @property
    def is_healthy(self) -> bool:
        """Say whether nothing failed; warnings are allowed."""
        return not self.failed


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a check may look at. `connection` raises when the warehouse cannot be opened."""

    settings: Settings
    connection: Callable[[], Connection]
    now: datetime


Check = Callable[[Surroundings], CheckResult]
