"""What a user asks of a run, in the words of dbt and on disk, so that the run can be resumed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Final

# Unit tests check the SQL, not the data: they belong to development, not to a run.
NOT_IN_A_RUN: Final = "unit_test"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to build, and what is a failure."""

    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    full_refresh: bool = False
    require_fresh: bool = False
    allow_empty: bool = False

    def selection(self) -> tuple[str, ...]:
        """Return dbt's options that choose the nodes."""
        options: tuple[str, ...] = ("--exclude-resource-type", NOT_IN_A_RUN)
        if self.select:
            options += ("--select", *self.select)
        if self.exclude:
            options += ("--exclude", *self.exclude)
        return options

    def build_arguments(self) -> tuple[str, ...]:
        """Return dbt's command."""
        refresh = ("--full-refresh",) if self.full_refresh else ()
        return ("build", *self.selection(), *refresh)

    def flags(self) -> dict[str, Any]:
        """Return the same command as the `args` of run_results.json, which `dbt retry` reads."""
        flags: dict[str, Any] = {
            "which": "build",
            "exclude_resource_types": [NOT_IN_A_RUN],
            "full_refresh": self.full_refresh,
        }
        if self.select:
            flags["select"] = list(self.select)
        if self.exclude:
            flags["exclude"] = list(self.exclude)
        return flags

    def __str__(self) -> str:
        """Return the request as a user would type it."""
        parts = [f"--select {name}" for name in self.select]
        parts += [f"--exclude {name}" for name in self.exclude]
        parts += ["--full-refresh"] if self.full_refresh else []
        return " ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the request for a file."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> RunRequest | None:
        """Return the request that a file holds; None if it asks for what this version cannot do."""
        if not values.keys() <= {item.name for item in fields(cls)}:
            return None
        names = {name: tuple(values.get(name, ())) for name in ("select", "exclude")}
        return cls(**{**values, **names})
