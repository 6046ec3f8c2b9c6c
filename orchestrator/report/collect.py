"""Collects the figures of the report from the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.report.came_in import count_raw_tables, list_problems
from orchestrator.report.matching_figures import PLURALS, collect_entity
from orchestrator.report.model import Activity, ReportData
from orchestrator.report.tables import Tables
from orchestrator.report.truth import knows_truth
from orchestrator.run_log.history import run_of, runs_sql
from orchestrator.run_log.rows import NODES, RUNS

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection
    from orchestrator.report.model import Timing
    from orchestrator.run_log.run import Run

RUNS_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What the warehouse does not know."""

    title: str
    generated_at: datetime
    groups: tuple[Timing, ...]


def collect(connection: Connection, request: ReportRequest) -> ReportData:
    """Read all figures; entities that have not been matched, or have no record, are left out.

    The caller adds the times of the steps: this is one of them.
    """
    tables = Tables(connection)
    problems = list_problems(tables)
    matched = [name for name in PLURALS if _has_records(tables, name)]
    return ReportData(
        title=request.title,
        generated_at=request.generated_at,
        raw_tables=count_raw_tables(tables, problems),
        problems=problems,
        entities=tuple(
            collect_entity(tables, name, has_truth=knows_truth(tables, name)) for name in matched
        ),
        activity=_activity(tables),
        steps=(),
        groups=request.groups,
        runs=_runs(tables),
    )


def _has_records(tables: Tables, entity: str) -> bool:
    clusters = f"{entity}_clusters"
    if not tables.has("matching", clusters):
        return False
    row = tables.row(f"select count(*) as record_count from {tables.layer('matching', clusters)}")
    return bool(row["record_count"])


def _runs(tables: Tables) -> tuple[Run, ...]:
    """Return the last runs, the oldest first; one alone shows nothing."""
    if not (tables.has("ops", RUNS) and tables.has("ops", NODES)):
        return ()
    sql = runs_sql(tables.layer("ops", RUNS), tables.layer("ops", NODES), RUNS_SHOWN)
    runs = tuple(run_of(row) for row in reversed(tables.rows(sql)))
    return runs if len(runs) > 1 else ()


def _activity(tables: Tables) -> Activity | None:
    if not tables.has("marts", "fct_interactions"):
        return None
    row = tables.row(f"""
        select
            count(*) as interactions,
            count(if(n_persons > 0, interaction_id, null)) as with_person,
            count(if(n_companies > 0, interaction_id, null)) as with_company,
            (
                select count(*)
                from {tables.layer("marts", "unmatched_participants")}
            ) as unmatched,
        from {tables.layer("marts", "fct_interactions")}
    """)
    return Activity(row["interactions"], row["with_person"], row["with_company"], row["unmatched"])
