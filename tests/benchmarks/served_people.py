"""A data set of people in a local warehouse of its own, up to the tables that are published.

The warehouse stays in build/bench/served, so that a second measurement finds it. Its rows are read
from its file when it has ended: over HTTP the emulator would give them a hundred times as slowly as
BigQuery does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click
import duckdb

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.dbt.artifacts import read_manifest
from orchestrator.dbt.runner import DbtRunner
from orchestrator.models.used import TRAIN
from orchestrator.run.publish import publish_tables
from orchestrator.run_log.load import ensure_run_log
from orchestrator.serving.build import snapshot_source
from orchestrator.serving.contents import TABLES
from orchestrator.settings.values import Settings
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables
from tests.benchmarks.loaded_people import load_people
from tests.benchmarks.places_on_disk import BENCH, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa
    from google.cloud.bigquery import Table

    from orchestrator.bigquery.connect import Connection
    from tests.benchmarks.data_sets import DataSet

SERVED: Final = BENCH / "served"
BATCH_ROWS: Final = 50_000
MEMORY_LIMIT: Final = "6GB"
# Tests check the data, and nobody is to be told of them here.
NO_TESTS: Final = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
SLOWEST: Final = 8


class OnlyRun:
    """Stands for the lock: a warehouse of one's own has no other run."""

    def confirm(self) -> None:
        """Let the write happen."""

    def require(self) -> None:
        """Let the write happen."""


@dataclass
class PublishedOnDisk:
    """Stands in for a connection: what a local warehouse has published, read from its file."""

    settings: Settings
    # Full name -> what is known of the table.
    tables: dict[str, Table]
    file: Path
    # Seconds that the warehouse takes for its rows: no part of writing a snapshot.
    read_in: float = 0.0
    # The same by the clock of the processor.
    read_by_processor: float = 0.0

    @property
    def client(self) -> PublishedOnDisk:
        """Return what tables are asked for."""
        return self

    def table_id(self, dataset: str, table: str) -> str:
        """Return the full name of a table."""
        return f"{self.settings.project}.{dataset}.{table}"

    def get_table(self, table_id: str) -> Table:
        """Return what is known of a table."""
        return self.tables[table_id]

    def record_batches(self, table_id: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a table."""
        project, dataset, table = table_id.split(".")
        with duckdb.connect(self.file, read_only=True) as file:
            file.execute("set memory_limit = '2GB'")
            file.execute("set timezone = 'UTC'")
            begun, worked = time.monotonic(), time.process_time()
            rows = file.execute(f'select * from "{project}__{dataset}"."{table}"')
            for batch in rows.fetch_record_batch(BATCH_ROWS):
                self.read_in += time.monotonic() - begun
                self.read_by_processor += time.process_time() - worked
                yield batch
                begun, worked = time.monotonic(), time.process_time()


def published_people(data: DataSet, settings: Settings) -> PublishedOnDisk:
    """Return what is published of a data set; build it when it is not there yet."""
    folder = SERVED / data.name
    folder.mkdir(parents=True, exist_ok=True)
    own = Settings(project_dir=ROOT, sources=("files",), model=TRAIN, state_folder=folder / "state")
    with private_local_warehouse(own, folder / "warehouse", MEMORY_LIMIT) as connection:
        done = folder / "published"
        if not done.is_file():
            _build(connection, data, folder)
            done.touch()
        ids = [snapshot_source(connection, table) for table in TABLES]
        tables = {table_id: connection.client.get_table(table_id) for table_id in ids}
    file = folder / "warehouse" / "bqemulator.duckdb"
    return PublishedOnDisk(own.with_changes(state_folder=settings.state_folder), tables, file)


def _build(connection: Connection, data: DataSet, folder: Path) -> None:
    """Build and publish what a snapshot is made of."""
    started = time.monotonic()
    ensure_raw_tables(connection, read_raw_tables(ROOT).values())
    ensure_own_tables(connection)
    ensure_run_log(connection)
    load_people(connection, data, folder / "people.jsonl")
    wanted = [f"+{table.name}" for table in TABLES]
    runner = DbtRunner(connection.settings, folder / "build", run_id="bench")
    answer = runner.invoke("build", *NO_TESTS, "--select", *wanted)
    slowest = sorted(answer.nodes or (), key=lambda node: -(node.seconds or 0))[:SLOWEST]
    click.echo(", ".join(f"{node.name} {node.seconds or 0:.0f} s" for node in slowest))
    if not answer.is_success:
        raise click.ClickException(f"the build failed: {answer.problem} {answer.target_path}")
    names = {table.name for table in TABLES}
    manifest = read_manifest(answer.target_path)
    served = {key: node for key, node in manifest.items() if node.name in names}
    result = publish_tables(connection, served, OnlyRun())
    if result.failed:
        raise click.ClickException(result.problem)
    click.echo(f"{data.name}: built and published in {time.monotonic() - started:.0f} s")
