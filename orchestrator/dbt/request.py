"""What a user asks of a run, in the words of dbt and on disk, so that the run can be resumed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

# Unit tests check the SQL, not the data: they belong to development, not to a run. Snapshots are
# taken when everything is published.
NOT_IN_A_BUILD: Final = ("unit_test", "snapshot")
# Tests that can fail by a change of the project only (docs/develop/tests.md).
NOT_AT_NIGHT: Final = ("tag:development",)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to build, and what is a failure."""

    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    full_refresh: bool = False
    require_fresh: bool = False
    allow_empty: bool = False
    # A night far from the last accepted one is meant.
    accept_changes: bool = False
    # The version of the matching model, or `train`; empty in requests of earlier versions.
    model: str = ""
    # Options of another version, as they were written down; such a request cannot be repeated.
    unknown: dict[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Say whether everything is to be built."""
        return not (self.select or self.exclude)

    def covers(self, other: RunRequest) -> bool:
        """Say whether what is built for this request includes what another one asks for."""
        if other.full_refresh and not self.full_refresh:
            return False
        alike = replace(other, accept_changes=self.accept_changes, model=self.model)
        return self.is_whole or alike == self

    @property
    def _left_out(self) -> tuple[str, ...]:
        return (*self.exclude, *NOT_AT_NIGHT)

    def selection(self) -> tuple[str, ...]:
        """Return dbt's options that choose the nodes."""
        left_out = (("--exclude-resource-type", kind) for kind in NOT_IN_A_BUILD)
        options = tuple(part for option in left_out for part in option)
        if self.select:
            options += ("--select", *self.select)
        return (*options, "--exclude", *self._left_out)

    def build_arguments(self) -> tuple[str, ...]:
        """Return dbt's command."""
        refresh = ("--full-refresh",) if self.full_refresh else ()
        return ("build", *self.selection(), *refresh)

    def flags(self) -> dict[str, Any]:
        """Return the same command as the `args` of run_results.json, which `dbt retry` reads."""
        flags: dict[str, Any] = {
            "which": "build",
            "exclude_resource_types": list(NOT_IN_A_BUILD),
            "full_refresh": self.full_refresh,
        }
        if self.select:
            flags["select"] = list(self.select)
        flags["exclude"] = list(self._left_out)
        return flags

    def __str__(self) -> str:
        """Return the request as a user would type it."""
        parts = [f"--select {name}" for name in self.select]
        parts += [f"--exclude {name}" for name in self.exclude]
        parts += ["--full-refresh"] if self.full_refresh else []
        return " ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the request for a file."""
        values = asdict(self)
        del values["unknown"]
        return values | self.unknown

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> RunRequest:
        """Return the request that a file holds; raise what is wrong with it."""
        options = {item.name for item in fields(cls)} - {"unknown"}
        known = {name: value for name, value in values.items() if name in options}
        for name in ("select", "exclude"):
            if not isinstance(values.get(name, []), (list, tuple)):
                raise TypeError(f"{name} is no list")
            known[name] = tuple(values.get(name, ()))
        unknown = {name: value for name, value in values.items() if name not in options}
        return cls(**known, unknown=unknown)
