"""What ids cost: four nights of one data set of people, and the time of the models that keep ids.

`make bench-ids` loads all but 1 % of the records, then all, then the same again, then loses another
1 %. The models of the ids are set against the matching of the same build.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.dbt.runner import DbtRunner
from orchestrator.run_log.load import ensure_run_log
from orchestrator.settings.values import Settings
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables
from tests.benchmarks.data_sets import find_data_sets
from tests.benchmarks.loaded_people import load_people
from tests.benchmarks.places_on_disk import EXAMPLES, MADE_DATA, ROOT

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from tests.benchmarks.data_sets import DataSet

IDENTITIES: Final = ("entities/identities", "marts/stewardship")
SELECTION: Final = tuple(f"+path:models/{folder}" for folder in IDENTITIES)
# A record belongs to one of a hundred parts; each night leaves one out, or none.
NIGHTS: Final = {
    "all but 1 %": "where hash(record_id) % 100 != 7",
    "1 % new": "",
    "the same again": "",
    "1 % gone": "where hash(record_id) % 100 != 8",
}
ALLOWED: Final = 0.25


@dataclass(frozen=True, slots=True)
class Night:
    """What a night took, in seconds of dbt's nodes by folder, and what it changed."""

    name: str
    records: int
    changed_ids: int
    seconds: dict[str, float]

    @property
    def ratio(self) -> float:
        """Return the time of the ids in parts of the time of the matching."""
        return self.seconds["ids"] / self.seconds["matching"]

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {self.seconds[name]:.1f} s" for name in ("matching", "ids"))
        return (
            f"{self.name:<16}{self.records:>9,} records, {parts} (x{self.ratio:.2f}), "
            f"{self.changed_ids:,} ids changed"
        )


@click.command()
@click.argument("name", default="crm_100k")
@click.option("--data", type=click.Path(path_type=Path), default=os.environ.get("BENCH_DATA"))
def main(name: str, data: Path | None) -> None:
    """Build four nights of the data set NAME; exit code 1 when ids take over 0.25 of matching."""
    known = find_data_sets([EXAMPLES, MADE_DATA, *([data] if data else [])])
    if name not in known or not name.startswith("crm_"):
        raise click.UsageError(f"no CRM people named {name}: `make bench-data`, or --data FOLDER")
    with tempfile.TemporaryDirectory(prefix="concord-ids-") as folder:
        settings = Settings(project_dir=ROOT, sources=("files",))
        with private_local_warehouse(settings, Path(folder) / "warehouse", "6GB") as connection:
            nights = _nights(connection, known[name], Path(folder))
    worst = max(night.ratio for night in nights)
    click.echo(f"ids took at most {worst:.2f} of the time of the matching; allowed {ALLOWED}")
    sys.exit(worst > ALLOWED)


def _nights(connection: Connection, data: DataSet, folder: Path) -> list[Night]:
    ensure_raw_tables(connection, read_raw_tables(ROOT).values())
    ensure_own_tables(connection)
    ensure_run_log(connection)
    nights = []
    for number, (name, condition) in enumerate(NIGHTS.items()):
        load_people(connection, data, folder / "people.jsonl", condition)
        runner = DbtRunner(connection.settings, folder / f"night_{number}", run_id=f"run_{number}")
        answer = runner.invoke(
            *("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *("--select", *SELECTION),
        )
        if not answer.is_success:
            raise click.ClickException(f"the build failed: {answer.problem} {answer.target_path}")
        seconds: dict[str, float] = defaultdict(float)
        for node in answer.nodes or ():
            seconds[_folder_of(node.unique_id)] += node.seconds or 0
        nights.append(_accepted(connection, name, seconds))
        click.echo(str(nights[-1]))
    return nights


def _folder_of(unique_id: str) -> str:
    paths = ROOT.glob(f"models/**/{unique_id.rpartition('.')[2]}.sql")
    folder = next((path.parent.relative_to(ROOT / "models").as_posix() for path in paths), "other")
    return "ids" if folder.startswith(IDENTITIES) else folder.partition("/")[0]


def _accepted(connection: Connection, name: str, seconds: dict[str, float]) -> Night:
    """Append the night to the ledger, as a run does that accepts it."""
    dataset, ops = connection.settings.dataset, connection.settings.ops_dataset
    counts = _one(
        connection,
        f"""
        select count(*) as records,
            countif(event in ('merged', 'split', 'moved')) as changed_ids
        from `{dataset}_entities.int_person_ledger_rows`
        """,
    )
    records = _one(connection, f"select count(*) as n from `{dataset}_entities.person_assignments`")
    columns = (
        "run_id, happened_at, entity, record_id, record_hash, entity_id_before, entity_id, "
        "event, cause, model_version"
    )
    for entity in ("person", "company"):
        rows = f"{dataset}_entities.int_{entity}_ledger_rows"
        connection.query(
            f"insert into `{ops}.entity_ledger` ({columns}) select {columns} from `{rows}`"
        )
    return Night(name, records["n"], counts["changed_ids"], seconds)


def _one(connection: Connection, sql: str) -> dict[str, Any]:
    return dict(next(iter(connection.query(sql))))


if __name__ == "__main__":
    main()
