"""`concord demo`: makes a sample, loads it, resolves it, and reports on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestrator.bigquery.connect import connect
from orchestrator.dbt.request import RunRequest
from orchestrator.demo.sample.sample import FILE_PREFIX, write_sample
from orchestrator.errors import ConfigurationError, RunFailed
from orchestrator.load.load_file import load_file
from orchestrator.load.load_ledger import (
    LEDGER_TABLE,
    REJECTED_SUFFIX,
    UNUSABLE_SUFFIX,
    ensure_ledger,
)
from orchestrator.models.used import TRAIN
from orchestrator.reading.file_options import FileOptions
from orchestrator.report.collect import ReportRequest, collect
from orchestrator.report.model import Timing
from orchestrator.report.render import write_report
from orchestrator.report.timings import group_timings
from orchestrator.report.truth import upload_truth
from orchestrator.run.night import run_night
from orchestrator.run.summary import problem_text
from orchestrator.run_log.run import new_run
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import raw_table, read_raw_tables

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.demo.sample.sample import SampleFiles
    from orchestrator.report.model import ReportData
    from orchestrator.settings.values import Settings
    from orchestrator.sources.source_schemas import RawTable
    from orchestrator.steps import StepClock


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """What the user asked for; `now` is when the sample is from."""

    seed: int
    people: int
    now: datetime


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What came out, where the page is, and the run that built it."""

    data: ReportData
    page: Path
    run_id: str


def run_demo(settings: Settings, request: DemoRequest, clock: StepClock) -> DemoResult:
    """Run the demo from nothing to the report; running it again replaces the earlier sample."""
    if settings.target == "prod":
        raise ConfigurationError(
            "the demo does not run in production", "leave CONCORD_TARGET out, or set it to local"
        )
    with clock.step("warehouse"):
        # Another sample is other people: a model of the one before would not know them.
        connection = connect(settings.with_changes(sources=(), model=TRAIN))
    with clock.step("sample"):
        files = write_sample(
            settings.build_dir / "demo", request.seed, request.people, request.now.date()
        )
    with clock.step("load"):
        _load(connection, files, clock)
    # Another sample than last time is another company.
    everything = RunRequest(full_refresh=True, accept_changes=True, model=TRAIN)
    run = new_run(connection.settings, everything)
    run_night(run, connection, clock)
    if not run.is_success:
        raise RunFailed(
            f"the demo's build failed\n{problem_text(run)}",
            "look at the tables that were built, and at dbt's log below .concord/dbt",
        )
    with clock.step("figures"):
        groups = group_timings(run.nodes, settings.dataset)
        data = collect(connection, ReportRequest("Concord demo", request.now, groups))
    steps = tuple(Timing(name, seconds) for name, seconds in clock.seconds.items())
    data = replace(data, steps=steps)
    page = settings.build_dir / "report.html"
    write_report(data, page)
    return DemoResult(data, page, run.run_id)


def _load(connection: Connection, files: SampleFiles, clock: StepClock) -> None:
    declared = read_raw_tables(connection.settings.project_dir)
    # A small sample has as many bad rows as a large one.
    options = FileOptions(max_rejected=1)
    remove_earlier_demo(connection, tuple(declared.values()))
    for name, path in files.tables.items():
        clock.update(name)
        load_file(connection, raw_table(declared, name), path, options)
    upload_truth(connection, "person", files.person_truth)
    upload_truth(connection, "company", files.company_truth)


def remove_earlier_demo(connection: Connection, tables: tuple[RawTable, ...]) -> None:
    """Empty the raw tables of an earlier sample; refuse to touch or to mix with anything else."""
    states = ensure_raw_tables(connection, tables)
    for table in tables:
        ensure_ledger(connection, table)
    filled = [state.table for state in states if state.has_rows]
    foreign = _with_rows_of_others(connection, filled)
    if foreign:
        raise ConfigurationError(
            f"there are other rows than the demo's in {', '.join(foreign)}",
            "give the demo a place of its own, for example with CONCORD_DATASET=concord_demo "
            "and CONCORD_RAW_PREFIX=demo_",
        )
    of_demo = f"starts_with(file_name, '{FILE_PREFIX}')"
    for table in filled:
        connection.query(f"truncate table {_quoted(connection, table, table.name)}")
    for table in tables:
        for suffix in (REJECTED_SUFFIX, UNUSABLE_SUFFIX):
            left_out = _quoted(connection, table, table.name + suffix)
            connection.query(f"delete from {left_out} where {of_demo}")
        ledger = _quoted(connection, table, LEDGER_TABLE)
        connection.query(f"delete from {ledger} where table_name = '{table.name}' and {of_demo}")


def _with_rows_of_others(connection: Connection, tables: list[RawTable]) -> list[str]:
    if not tables:
        return []
    selects = [
        f"""
        select
            '{table.full_name}' as full_name,
            (select count(*) from {_quoted(connection, table, table.name)}) as row_count,
            (
                select coalesce(cast(sum(rows_loaded) as int64), 0)
                from {_quoted(connection, table, LEDGER_TABLE)}
                where table_name = '{table.name}' and starts_with(file_name, '{FILE_PREFIX}')
            ) as demo_row_count
        """
        for table in tables
    ]
    rows = connection.query(" union all ".join(selects))
    return sorted(row["full_name"] for row in rows if row["row_count"] != row["demo_row_count"])


def _quoted(connection: Connection, table: RawTable, name: str) -> str:
    dataset = connection.settings.raw_dataset(table.source)
    return f"`{connection.table_id(dataset, name)}`"
