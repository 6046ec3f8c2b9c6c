"""Names with their frequencies, read from the packages of requirements/benchmark-data.txt."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.benchmarks.crm_people.draws import cumulate

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tests.benchmarks.crm_people.draws import Draws

# US census of 1990, as the package `names` ships it (MIT).
FEMALE_FILE: Final = "names/dist.female.first"
MALE_FILE: Final = "names/dist.male.first"
FAMILY_FILE: Final = "names/dist.all.last"
# One name and its short forms per row, as the package `pseudopeople` ships it (BSD-3-Clause).
NICKNAMES_FILE: Final = "pseudopeople/data/nicknames.csv"
# The census rounds the rarest names to 0.000 %.
LEAST_PERCENT: Final = 0.0005


@dataclass(frozen=True, slots=True)
class NameList:
    """Names and the running sums of their shares."""

    names: list[str]
    cumulated: NDArray[np.float64]

    def draw(self, draws: Draws, count: int) -> list[str]:
        """Draw names as often as they occur."""
        return [self.names[at] for at in draws.positions_by_weight(self.cumulated, count)]


@dataclass(frozen=True, slots=True)
class NameLists:
    """All names that people can have."""

    female: NameList
    male: NameList
    family: NameList
    nicknames: dict[str, list[str]]


def read_name_lists(packages: Path) -> NameLists:
    """Read the lists below the folder into which the packages were installed."""
    return NameLists(
        female=_read_census(packages / FEMALE_FILE),
        male=_read_census(packages / MALE_FILE),
        family=_read_census(packages / FAMILY_FILE),
        nicknames=_read_nicknames(packages / NICKNAMES_FILE),
    )


def _read_census(path: Path) -> NameList:
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    weights = [max(float(row[1]), LEAST_PERCENT) for row in rows]
    return NameList([row[0].capitalize() for row in rows], cumulate(weights))


def _read_nicknames(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            short = [cell.strip().capitalize() for cell in row[1:] if cell.strip()]
            if short:
                found[row[0].strip().capitalize()] = short
    return found
