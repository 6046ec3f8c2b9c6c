"""Results that stay in build/bench/results.json, so that data sets can be run one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

# pydantic reads this at run time.
from tests.benchmarks.figures import Figures  # noqa: TC001

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When, where and with what a data set was measured."""

    day: str
    command: str
    repetitions: int
    cores: int
    memory_gb: float
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Night:
    """A night in which a share of the records has other values, beside a build of everything.

    Seconds are those of dbt's nodes up to the clusters, with the same model version.
    """

    percent: int
    seconds: float
    full_seconds: float
    # Of comparing, scoring and clustering alone.
    matching_seconds: float
    full_matching_seconds: float

    @property
    def ratio(self) -> float:
        """The night as a share of the whole build."""
        return self.seconds / self.full_seconds

    @property
    def matching_ratio(self) -> float:
        """Its comparing, scoring and clustering as a share of theirs."""
        return self.matching_seconds / self.full_matching_seconds


@dataclass(frozen=True, slots=True)
class Comparison:
    """Medians of both systems on one data set."""

    data_set: str
    circumstances: Circumstances
    concord: Figures
    splink: Figures | None
    # The slowest dbt nodes of Concord and their seconds.
    slowest: dict[str, float]
    night: Night | None = None

    @property
    def night_ratio(self) -> float | None:
        """A night of few changes as a share of a whole build."""
        return None if self.night is None else self.night.ratio

    @property
    def night_matching_ratio(self) -> float | None:
        """The same of comparing, scoring and clustering alone."""
        return None if self.night is None else self.night.matching_ratio

    @property
    def time_ratio(self) -> float | None:
        """Concord's matching seconds as a multiple of Splink's."""
        if self.splink is None:
            return None
        return self.concord.matching_seconds / self.splink.matching_seconds

    @property
    def memory_ratio(self) -> float | None:
        """Concord's peak of memory as a multiple of Splink's."""
        return None if self.splink is None else self.concord.peak_mb / self.splink.peak_mb


@dataclass(frozen=True, slots=True)
class Shift:
    """Concord on one data set with every accept threshold moved."""

    data_set: str
    circumstances: Circumstances
    bits: float
    concord: Figures


@dataclass(frozen=True, slots=True)
class Results:
    """All that was measured, by name of the data set."""

    comparisons: dict[str, Comparison] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)


ADAPTER = TypeAdapter(Results)


def read_results(path: Path) -> Results:
    """Return what was stored; nothing when there is no file."""
    return ADAPTER.validate_json(path.read_bytes()) if path.is_file() else Results()


def write_results(path: Path, results: Results) -> None:
    """Store all results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ADAPTER.dump_json(results, indent=2) + b"\n")
