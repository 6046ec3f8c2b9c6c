"""Health of the warehouse: that it answers, what it allows, and what is in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import yaml

from orchestrator.health.report import REQUEST_SECONDS, CheckResult, brief
from orchestrator.run_log.record import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud.bigquery.table import RowIterator

    from orchestrator.bigquery.connect import Connection
    from orchestrator.health.report import Status, Surroundings
    from orchestrator.settings.values import Settings

# A nightly run, and two hours for it.
LAST_SUCCESS: Final = timedelta(hours=26)
# As in the sources files of dbt.
SOURCE_AGE: Final = timedelta(hours=36)


def check_warehouse(around: Surroundings) -> CheckResult:
    """Run the smallest query; in the cloud it asks who runs it."""
    connection = around.connection()
    settings = connection.settings
    where = settings.warehouse_url or f"{settings.project}, {settings.location}"
    if settings.is_local:
        next(iter(checked_rows(connection, "select 1")))
        return CheckResult("ok", where)
    account = next(iter(checked_rows(connection, "select session_user() as account")))["account"]
    return CheckResult("ok", f"{where}, as {account}")


def check_datasets(around: Surroundings) -> CheckResult:
    """Compare the datasets with those of the project's models and sources."""
    connection = around.connection()
    settings = connection.settings
    wanted = [*layer_datasets(settings), *raw_datasets(settings), settings.ops_dataset]
    missing = sorted(set(wanted) - _datasets(connection))
    if missing:
        return CheckResult(
            "warn",
            f"{len(wanted) - len(missing)} of {len(wanted)} exist; missing: {', '.join(missing)}",
            "the first run creates them if its account may create datasets",
        )
    return CheckResult("ok", f"all {len(wanted)} exist")


def check_last_success(around: Surroundings) -> CheckResult:
    """Look up in the run log when a run of everything last succeeded, or one that published all."""
    from google.api_core.exceptions import NotFound

    connection = around.connection()
    table = connection.table_id(connection.settings.ops_dataset, "pipeline_runs")
    whole = ", ".join(f"'{selection}'" for selection in WHOLE)
    sql = (
        f"select max(ended_at) as last from `{table}` where status = 'success' "
        f"and (selection in ({whole}) or published_tables > 0)"
    )
    try:
        last: datetime | None = next(iter(checked_rows(connection, sql)))["last"]
    except NotFound:
        last = None
    if last is None:
        return CheckResult("warn", "no run of everything has succeeded yet", "run 'concord run'")
    detail = f"{_age(around.now - last)} ago"
    if around.now - last <= LAST_SUCCESS:
        return CheckResult("ok", detail)
    # Nobody runs a laptop every night.
    status: Status = "warn" if connection.settings.is_local else "fail"
    return CheckResult(status, detail, "see 'concord history' for why; check the scheduler")


def check_sources(around: Surroundings) -> CheckResult:
    """Look for the newest row of every raw table, and name the old and the empty ones."""
    from orchestrator.sources.source_schemas import read_raw_tables

    connection = around.connection()
    settings = connection.settings
    declared = [t for t in read_raw_tables(settings.project_dir).values() if t.loaded_at]
    wanted = [table for table in declared if table.source in settings.sources]
    existing = _tables(connection, {table.dataset(settings.raw_prefix) for table in wanted})
    selects = [
        f"select '{table.full_name}' as name, max({table.loaded_at}) as newest from `{table_id}`"
        for table in wanted
        if (table_id := connection.table_id(table.dataset(settings.raw_prefix), table.name))
        in existing
    ]
    if not selects:
        return CheckResult("skipped", "no raw table exists yet", "load data with 'concord load'")
    newest = {
        row["name"]: row["newest"] for row in checked_rows(connection, " union all ".join(selects))
    }
    ages = {name: around.now - _utc(time) for name, time in newest.items() if time is not None}
    empty = len(wanted) - len(ages)
    if not ages:
        return CheckResult("skipped", "all raw tables are empty", "load data with 'concord load'")
    without = f"; {empty} without rows" if empty else ""
    # Files come when somebody has one: their sources file sets no limit either.
    old = {n: age for n, age in ages.items() if age > SOURCE_AGE and not n.startswith("files.")}
    if old:
        names = ", ".join(f"{name} ({_age(age)})" for name, age in sorted(old.items()))
        return CheckResult("warn", f"old: {names}{without}", "check the connector of these sources")
    return CheckResult("ok", f"{len(ages)} tables, the oldest {_age(max(ages.values()))}{without}")


def layer_datasets(settings: Settings) -> tuple[str, ...]:
    """Return the datasets of models and seeds, as dbt_project.yml names them."""
    path = settings.project_dir / "dbt_project.yml"
    project = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = {part for kind in ("models", "seeds") for part in _schemas(project.get(kind) or {})}
    return tuple(f"{settings.dataset}_{part}" for part in sorted(parts))


def raw_datasets(settings: Settings) -> tuple[str, ...]:
    """Return the datasets of the sources in use."""
    return tuple(f"{settings.raw_prefix}raw_{source}" for source in settings.sources)


def _schemas(entry: dict[str, Any]) -> Iterator[str]:
    for name, value in entry.items():
        if name == "+schema":
            yield value
        elif isinstance(value, dict):
            yield from _schemas(value)


def _datasets(connection: Connection) -> set[str]:
    return {one.dataset_id for one in connection.client.list_datasets(**brief())}


def _tables(connection: Connection, datasets: set[str]) -> set[str]:
    there = datasets & _datasets(connection)
    return {
        connection.table_id(dataset, table.table_id)
        for dataset in there
        for table in connection.client.list_tables(
            f"{connection.settings.project}.{dataset}", **brief()
        )
    }


def checked_rows(connection: Connection, sql: str, *, dry_run: bool = False) -> RowIterator:
    """Run a query whose repetitions take seconds, and return its rows."""
    from google.cloud.bigquery import QueryJobConfig
    from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY

    job_config = QueryJobConfig(dry_run=dry_run, use_query_cache=False)
    again = DEFAULT_JOB_RETRY.with_timeout(3 * REQUEST_SECONDS)
    job = connection.client.query(sql, job_config=job_config, job_retry=again, **brief())
    # The client spends the time of one request on a job that failed before it starts another.
    return job.result(job_retry=again, **brief() | {"timeout": 3 * REQUEST_SECONDS})


def _utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _age(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} days"
