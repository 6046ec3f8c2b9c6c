"""What Concord has to reach: targets.csv, one row per data set, an empty cell for no target."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.benchmarks.results import Comparison

TARGETS_FILE: Final = Path(__file__).with_name("targets.csv")
LEAST, MOST = "min_", "max_"


@dataclass(frozen=True, slots=True)
class Target:
    """A bound of one figure on one data set."""

    data_set: str
    figure: str
    is_least: bool
    bound: float

    def is_met_by(self, value: float) -> bool:
        """Compare a value as measured, not as printed."""
        return value >= self.bound if self.is_least else value <= self.bound


@dataclass(frozen=True, slots=True)
class Check:
    """A target and what was measured; None: the other system was not run."""

    target: Target
    value: float | None

    @property
    def verdict(self) -> str:
        """Say how it came out, in a word or two."""
        if self.value is None:
            return "not measured"
        return "met" if self.target.is_met_by(self.value) else "missed"


def read_targets(path: Path = TARGETS_FILE) -> list[Target]:
    """Return every bound."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Target(
            data_set=row["data_set"],
            figure=column.removeprefix(LEAST).removeprefix(MOST),
            is_least=column.startswith(LEAST),
            bound=float(cell),
        )
        for row in rows
        for column, cell in row.items()
        if column.startswith((LEAST, MOST)) and cell
    ]


def check_targets(comparison: Comparison, targets: list[Target]) -> list[Check]:
    """Compare Concord's figures with the targets of the data set."""
    return [
        Check(target, _value(comparison, target.figure))
        for target in targets
        if target.data_set == comparison.data_set
    ]


def _value(comparison: Comparison, figure: str) -> float | None:
    of_concord = hasattr(comparison.concord, figure)
    value: float | None = getattr(comparison.concord if of_concord else comparison, figure)
    return value
