"""Builds the project in a local warehouse of its own: a small sample, and hostile rows."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.bigquery.connect import Connection, private_local_warehouse
from orchestrator.bigquery.upload import upload_ndjson
from orchestrator.dbt.runner import DbtRunner
from orchestrator.demo.sample.sample import DEFAULT_DAY, DEFAULT_SEED, write_sample
from orchestrator.load.load_file import load_file
from orchestrator.load.load_ledger import ensure_ledger
from orchestrator.reading.file_options import FileOptions
from orchestrator.report.truth import upload_truth
from orchestrator.run_log.load import ensure_run_log
from orchestrator.settings.values import Settings
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import RawTable, read_raw_tables
from tests.project_copy import copy_project, share_translations
from tests.semantics.hostile_rows import hostile_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """What the project is built from."""

    people: int = 50
    # In each raw table. The evaluator's memory ends at the pairs of some hundred more records.
    hostile_rows: int = 30
    seed: int = DEFAULT_SEED


@dataclass(frozen=True)
class BuiltProject:
    """A project that dbt has built, and the warehouse that still holds its tables."""

    folder: Path
    target_path: Path
    connection: Connection


@contextmanager
def built_project(
    folder: Path, sample: Sample, left_out: tuple[str, ...] = ("test", "snapshot")
) -> Iterator[BuiltProject]:
    """Load, and build all but some kinds of nodes; everything lies in the folder."""
    project = folder / "project"
    project.mkdir()
    copy_project(project)
    share_translations(project)
    # Whatever the environment says: it is a warehouse of its own.
    settings = Settings(
        target="local",
        project="concord-local",
        dataset="concord",
        location="US",
        raw_prefix="",
        project_dir=project,
        sources=(),
        warehouse_url=None,
        warehouse_token=None,
    )
    with private_local_warehouse(settings, folder / "warehouse", "2GB") as connection:
        load_sample(connection, folder, sample)
        ensure_own_tables(connection)
        ensure_run_log(connection)
        runner = DbtRunner(connection.settings, folder / "dbt")
        built = runner.invoke("build", "--exclude-resource-type", *left_out)
        assert built.is_success, f"the build failed: {built.problem} {built.target_path}"
        yield BuiltProject(project, built.target_path, connection)


def load_sample(connection: Connection, folder: Path, sample: Sample) -> None:
    """Make the sample's files in the folder, and load them with the rows that are hostile."""
    files = write_sample(folder / "sample", sample.seed, sample.people, DEFAULT_DAY)
    declared = read_raw_tables(connection.settings.project_dir)
    tables = list(declared.values())
    ensure_raw_tables(connection, tables)
    for table in tables:
        ensure_ledger(connection, table)
        if table.full_name in files.tables:
            load_file(connection, table, files.tables[table.full_name], FileOptions(max_rejected=1))
        if sample.hostile_rows:
            _add_hostile_rows(connection, folder, table, sample)
    upload_truth(connection, "person", files.person_truth)
    upload_truth(connection, "company", files.company_truth)


def _add_hostile_rows(
    connection: Connection, folder: Path, table: RawTable, sample: Sample
) -> None:
    rows = hostile_rows(table, sample.hostile_rows, sample.seed)
    file = folder / f"hostile.{table.full_name}.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    table_id = connection.table_id(connection.settings.raw_dataset(table.source), table.name)
    upload_ndjson(connection, file, table_id, table.schema())
