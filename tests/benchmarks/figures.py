"""What is measured of one system on one data set."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from statistics import median, median_high
from typing import TYPE_CHECKING

from tests.benchmarks.score import coverage, harmonic_mean, score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.measure import Measurement


@dataclass(frozen=True, slots=True)
class Figures:
    """One run, or the medians of several. Scores are shares between 0 and 1."""

    records: int
    b3_precision: float
    b3_recall: float
    pair_precision: float
    pair_recall: float
    largest_cluster: int
    largest_entity: int
    scored_pairs: int
    blocking_recall: float
    command_seconds: float
    matching_seconds: float
    peak_mb: float

    @property
    def b3_f1(self) -> float:
        """Harmonic mean of B-cubed precision and recall."""
        return harmonic_mean(self.b3_precision, self.b3_recall)

    @property
    def pair_f1(self) -> float:
        """Harmonic mean of pairwise precision and recall."""
        return harmonic_mean(self.pair_precision, self.pair_recall)

    @property
    def pairs_a_record(self) -> float:
        """How many pairs were scored for each record."""
        return self.scored_pairs / self.records

    @property
    def largest_ratio(self) -> float:
        """The largest cluster as a multiple of the largest real entity."""
        return self.largest_cluster / self.largest_entity


def figures_of(
    output: Path, truth: Path, measured: Measurement, matching_seconds: float
) -> Figures:
    """Score the clusters and pairs in a folder of results."""
    return Figures(
        **asdict(score(output / "clusters.parquet", truth)),
        **asdict(coverage(output / "pairs.parquet", truth, output / "clusters.parquet")),
        command_seconds=measured.seconds,
        matching_seconds=matching_seconds,
        peak_mb=measured.peak_mb,
    )


def median_figures(runs: Sequence[Figures]) -> Figures:
    """Return the median of each figure; of two counts in the middle the larger one."""
    values = {}
    for field in fields(Figures):
        column = [getattr(run, field.name) for run in runs]
        # Annotations are text here.
        values[field.name] = median_high(column) if field.type == "int" else median(column)
    return Figures(**values)


def median_seconds(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median seconds of every dbt node that ran each time, the slowest first."""
    names = set.intersection(*(set(run) for run in runs))
    medians = {name: median(run[name] for run in runs) for name in names}
    return dict(sorted(medians.items(), key=lambda item: (-item[1], item[0])))
