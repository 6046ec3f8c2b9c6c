"""Runs both systems in turns, so that they see the same state of the machine."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.circumstances import circumstances
from tests.benchmarks.figures import Figures, median_figures, median_seconds
from tests.benchmarks.loaded_people import has_crm_people
from tests.benchmarks.nights import measure_night
from tests.benchmarks.places_on_disk import BENCH, ROOT
from tests.benchmarks.results import Comparison, Shift
from tests.benchmarks.shifted_project import write_shifted_project
from tests.benchmarks.systems import run_concord, run_splink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.data_sets import DataSet
    from tests.benchmarks.results import Night

NODES_NAMED = 5


@dataclass(frozen=True, slots=True)
class Session:
    """How to run, and where to say what is going on."""

    command: str
    repetitions: int
    with_splink: bool
    with_nights: bool
    say: Callable[[str], None]

    def compare(self, data: DataSet) -> Comparison:
        """Run both systems and return the medians."""
        concord: list[Figures] = []
        splink: list[Figures] = []
        nodes: list[dict[str, float]] = []
        versions: dict[str, str] | None = None
        for number in range(1, self.repetitions + 1):
            place = f"{data.name} {number}/{self.repetitions}"
            with scratch_folder() as folder:
                figures, seconds = run_concord(data, folder)
            concord.append(figures)
            nodes.append(seconds)
            self.say(progress(f"{place} Concord", figures))
            if self.with_splink and data.is_tuned_for_splink:
                with scratch_folder() as folder:
                    figures, versions = run_splink(data, folder)
                splink.append(figures)
                self.say(progress(f"{place} Splink", figures))
        return Comparison(
            data_set=data.name,
            circumstances=circumstances(self.command, self.repetitions, versions),
            concord=median_figures(concord),
            splink=median_figures(splink) if splink else None,
            slowest=dict(list(median_seconds(nodes).items())[:NODES_NAMED]),
            night=self._night(data) if self.with_nights and has_crm_people(data) else None,
        )

    def _night(self, data: DataSet) -> Night:
        """Build a night once: it takes three builds of everything."""
        with scratch_folder() as folder:
            night = measure_night(data, folder)
        self.say(
            f"{data.name} a night of {night.percent} %: {night.seconds:.1f} s of "
            f"{night.full_seconds:.1f} s, {night.ratio:.2f} times"
        )
        return night

    def shift(self, data: DataSet, bits: float) -> Shift:
        """Run Concord once with its accept thresholds moved."""
        with scratch_folder() as folder:
            project = write_shifted_project(ROOT, folder / "project", bits)
            figures, _ = run_concord(data, folder, project)
        self.say(progress(f"{data.name} Concord, threshold {bits:+g}", figures))
        return Shift(data.name, circumstances(self.command, 1, None), bits, figures)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder for one run, on the same disk for both systems."""
    BENCH.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BENCH, prefix="run-") as folder:
        yield Path(folder)


def progress(place: str, figures: Figures) -> str:
    """Return one line about a run."""
    return (
        f"{place}: {figures.command_seconds:.1f} s, matching {figures.matching_seconds:.1f} s, "
        f"{figures.peak_mb:,.0f} MB, B3 {figures.b3_f1:.4f}, pairs {figures.pair_f1:.4f}, "
        f"largest {figures.largest_cluster} of {figures.largest_entity}"
    )
