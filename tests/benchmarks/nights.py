"""What a night costs in which little has changed, beside a build of everything.

`make bench-nights` trains a model on a data set of people, then builds nights with it: all records
for the first time, 1 % of them with other values, 10 % of them. Each night is built twice from the
same raw records, with what the night before left, and with --full-refresh.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.dbt.runner import DbtRunner
from orchestrator.models.stored import keep_version
from orchestrator.models.used import TRAIN, with_model
from orchestrator.run_log.load import ensure_run_log
from orchestrator.settings.values import Settings
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables
from tests.benchmarks.data_sets import find_data_sets
from tests.benchmarks.loaded_people import has_crm_people, load_people
from tests.benchmarks.places_on_disk import EXAMPLES, MADE_DATA, ROOT
from tests.benchmarks.results import Night

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.bigquery.connect import Connection
    from tests.benchmarks.data_sets import DataSet

# Everything up to the clusters; the training needs what makes a version, too.
NIGHT: Final = ("+person_clusters", "int_person_pair_hashes")
TRAINING: Final = (*NIGHT, "+int_match_model_version", "+int_person_model_record")
TRAINED: Final = ("+int_company_model_record", "int_person_model_frequencies")
PAIRS: Final = (
    *("int_person_compared_pairs", "int_person_scored_blocked_pairs"),
    *("int_person_bridged_pairs", "int_person_scored_bridged_pairs"),
)
CLUSTERS: Final = ("int_person_hard_links", "int_person_starting_clusters", "person_clusters")
# Other values for some of a hundred parts of the records.
CHANGED: Final = """
    if(hash(record_id) % 100 < {percent}, street || ' Apt {percent}', street) as street,
    if(hash(record_id) % 100 < {percent}, null, phone) as phone
"""
PERCENTAGES: Final = (1, 10)
LABELS: Final = ("pairs", "clusters", "whole")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build took, in seconds of dbt's nodes."""

    seconds: dict[str, float]

    @property
    def whole(self) -> float:
        """Return the seconds of all nodes."""
        return sum(self.seconds.values())

    def of(self, names: tuple[str, ...], prefix: str = "-") -> float:
        """Return the seconds of some nodes."""
        return sum(s for name, s in self.seconds.items() if name in names or prefix in name)

    @property
    def pairs(self) -> float:
        """Return the seconds of the nodes that compare and score."""
        return self.of(PAIRS)

    @property
    def clusters(self) -> float:
        """Return the seconds of the nodes that cluster."""
        return self.of(CLUSTERS, "int_person_linkage")


@dataclass(frozen=True, slots=True)
class Nights:
    """Nights of one data set in a warehouse of their own."""

    connection: Connection
    data: DataSet
    folder: Path

    def changed(self, percent: int) -> tuple[Built, Built]:
        """Load the records anew, some with other values; return the night and a full build."""
        changes = CHANGED.format(percent=percent)
        load_people(self.connection, self.data, self.folder / "people.jsonl", changes=changes)
        night = _built(self.connection, self.folder / f"night_{percent}", NIGHT)
        full = _built(self.connection, self.folder / f"full_{percent}", NIGHT, "--full-refresh")
        return night, full


@contextmanager
def nights_of(data: DataSet, folder: Path) -> Iterator[tuple[Nights, Built]]:
    """Train a model on a data set and build its first night."""
    settings = Settings(project_dir=ROOT, sources=("files",), model=TRAIN)
    with private_local_warehouse(settings, folder / "warehouse", "6GB") as connection:
        ensure_raw_tables(connection, read_raw_tables(ROOT).values())
        ensure_own_tables(connection)
        ensure_run_log(connection)
        load_people(connection, data, folder / "people.jsonl")
        _built(connection, folder / "training", (*TRAINING, *TRAINED))
        version = keep_version(connection, connection.settings.dataset)
        nightly = with_model(connection, version)
        yield Nights(nightly, data, folder), _built(nightly, folder / "first", NIGHT)


def measure_night(data: DataSet, folder: Path, percent: int = 1) -> Night:
    """Return what a night of few changes takes, beside a full build."""
    with nights_of(data, folder) as (nights, _first):
        night, full = nights.changed(percent)
    return Night(
        percent=percent,
        seconds=night.whole,
        full_seconds=full.whole,
        matching_seconds=night.pairs + night.clusters,
        full_matching_seconds=full.pairs + full.clusters,
    )


@click.command()
@click.argument("name", default="crm_100k")
@click.option("--data", type=click.Path(path_type=Path), default=os.environ.get("BENCH_DATA"))
@click.option("--percent", multiple=True, type=int, default=PERCENTAGES, help="Changed records.")
@click.option("--nodes", default=0, help="Print so many of the slowest nodes of each build.")
def main(name: str, data: Path | None, percent: tuple[int, ...], nodes: int) -> None:
    """Build nights of the data set NAME and print what they cost beside a full build."""
    known = find_data_sets([EXAMPLES, MADE_DATA, *([data] if data else [])])
    if name not in known or not has_crm_people(known[name]):
        raise click.UsageError(f"no CRM people named {name}: `make bench-data`, or --data FOLDER")
    with (
        tempfile.TemporaryDirectory(prefix="concord-nights-") as folder,
        nights_of(known[name], Path(folder)) as (nights, first),
    ):
        _shown("first night", first, None, nodes)
        for share in percent:
            _shown(f"{share} % changed", *nights.changed(share), nodes)


def _built(
    connection: Connection, target: Path, selection: tuple[str, ...], *options: str
) -> Built:
    answer = DbtRunner(connection.settings, target, run_id=target.name).invoke(
        *("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
        *options,
        *("--select", *selection),
    )
    if not answer.is_success:
        raise click.ClickException(f"the build failed: {answer.problem} {answer.target_path}")
    return Built({node.name: node.seconds or 0 for node in answer.nodes or ()})


def _shown(name: str, night: Built, full: Built | None, nodes: int) -> None:
    for label in LABELS:
        seconds = getattr(night, label)
        beside = ""
        if full:
            whole = getattr(full, label)
            beside = f" of {whole:.1f} s, {seconds / whole:.2f} times"
        click.echo(f"{name:<14}{label:<10}{seconds:8.1f} s{beside}")
    for built in (night, full) if full else (night,):
        slowest = sorted(built.seconds.items(), key=lambda pair: -pair[1])[:nodes]
        click.echo("  " + ", ".join(f"{node} {seconds:.1f}" for node, seconds in slowest))


if __name__ == "__main__":
    main()
