"""Health of the warehouse: that it answers, what it allows, and what is in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import yaml

from orchestrator.bigquery.patience import PROBING
from orchestrator.health.report import CheckResult
from orchestrator.run_log.rows import RUNS
from orchestrator.run_log.run import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from orchestrator.health.report import Status, Surroundings
    from orchestrator.settings.values import Settings

# A nightly run, and two hours for it.
LAST_SUCCESS: Final = timedelta(hours=26)


def check_warehouse(around: Surroundings) -> CheckResult:
    """Run the smallest query; in the cloud it asks who runs it."""
    connection = around.connection()
    settings = connection.settings
    where = settings.warehouse_url or f"{settings.project}, {settings.location}"
    if settings.is_local:
        next(iter(connection.query("select 1", patience=PROBING)))
        return CheckResult("ok", where)
    account = next(iter(connection.query("select session_user() as account", patience=PROBING)))[
        "account"
    ]
    return CheckResult("ok", f"{where}, as {account}")


def check_last_success(around: Surroundings) -> CheckResult:
    """Look up in the run log when a run of everything last succeeded, or one that published all."""
    from google.api_core.exceptions import NotFound

    connection = around.connection()
    table = connection.table_id(connection.settings.ops_dataset, RUNS)
    whole = ", ".join(f"'{selection}'" for selection in WHOLE)
    sql = (
        f"select max(ended_at) as last from `{table}` where status = 'success' "
        f"and (selection in ({whole}) or published_tables > 0)"
    )
    try:
        # The local warehouse answers with no row at all where there is no table.
        found = [row["last"] for row in connection.query(sql, patience=PROBING)]
    except NotFound:
        found = []
    last: datetime | None = found[0] if found else None
    if last is None:
        return CheckResult("warn", "no run of everything has succeeded yet", "run 'concord run'")
    detail = f"{_age(around.now - last)} ago"
    if around.now - last <= LAST_SUCCESS:
        return CheckResult("ok", detail)
    # Nobody runs a laptop every night.
    status: Status = "warn" if connection.settings.is_local else "fail"
    return CheckResult(status, detail, "see 'concord history' for why; check the scheduler")


def check_sources(around: Surroundings) -> CheckResult:
    """Look for the newest row of every raw table, and name what a run would call old."""
    from orchestrator.sources.freshness import newest_rows, too_old
    from orchestrator.sources.source_schemas import read_raw_tables

    connection = around.connection()
    settings = connection.settings
    declared = [t for t in read_raw_tables(settings.project_dir).values() if t.loaded_at]
    wanted = [table for table in declared if table.source in settings.sources]
    datasets = {settings.raw_dataset(table.source) for table in wanted}
    limits = PROBING.of_call()
    existing = {f"{of}.{name}" for of in datasets for name in connection.table_names(of, **limits)}
    there = [t for t in wanted if f"{settings.raw_dataset(t.source)}.{t.name}" in existing]
    if not there:
        return CheckResult("skipped", "no raw table exists yet", "load data with 'concord load'")
    newest = newest_rows(connection, there, PROBING)
    if not newest:
        return CheckResult("skipped", "all raw tables are empty", "load data with 'concord load'")
    empty = len(wanted) - len(newest)
    without = f"; {empty} without rows" if empty else ""
    if old := too_old(there, newest, around.now):
        names = ", ".join(f"{table.name} ({_age(table.age)})" for table in old)
        return CheckResult("warn", f"old: {names}{without}", "check the connector of these sources")
    oldest = _age(around.now - min(newest.values()))
    return CheckResult("ok", f"{len(newest)} tables, the oldest {oldest}{without}")


LAYERS: Final = ("models", "seeds", "snapshots")


def layer_datasets(settings: Settings) -> tuple[str, ...]:
    """Return the datasets of models, seeds and snapshots, as dbt_project.yml names them."""
    path = settings.project_dir / "dbt_project.yml"
    project = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = {part for kind in LAYERS for part in _schemas(project.get(kind) or {})}
    return tuple(f"{settings.dataset}_{part}" for part in sorted(parts))


def raw_datasets(settings: Settings) -> tuple[str, ...]:
    """Return the datasets of the sources in use."""
    return tuple(settings.raw_dataset(source) for source in settings.sources)


def _schemas(entry: dict[str, Any]) -> Iterator[str]:
    for name, value in entry.items():
        if name == "+schema":
            yield value
        elif isinstance(value, dict):
            yield from _schemas(value)


def _age(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} days"
