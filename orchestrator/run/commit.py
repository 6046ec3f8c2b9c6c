"""Accepts a night: appends what its build found to the ledger of ids, once, after all gates.

dbt computes the rows and accepts nothing. What is in the ledger is what later nights go on from,
so it is written before the tables are published: a night whose publishing fails is repeated by
`concord retry`, or left behind by the next night, and both start from the same ids.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.classify import classify_message
from orchestrator.bigquery.error_classes import RETRIES, ErrorClass
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.errors import ConcordError, RunFailed, WarehouseUnavailable
from orchestrator.run.gates import ledger_models
from orchestrator.sources.own_tables import ENTITY_LEDGER
from orchestrator.sources.source_schemas import read_own_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.lock.fence import Fence
    from orchestrator.run_log.run import Run

COMMIT_SECONDS: Final = 600.0


def commit_ledger(
    connection: Connection,
    run: Run,
    fence: Fence,
    *,
    at_once: Callable[[], AbstractContextManager[None]] = nullcontext,
    sleep: Callable[[float], object] = time.sleep,
) -> int:
    """Append the rows of this night to the ledger; return how many there are.

    Rows of a run that are there already are left alone, so that a second call, or one whose first
    answer got lost, adds nothing. A project without a ledger has nothing to append.
    """
    models = ledger_models(run.manifest)
    if not models:
        return 0
    settings, appending = connection.settings.retry, _Appending(connection, run.run_id, models)
    n_rows = _count_rows(connection, models, run.night_ids)
    for attempt in range(1, settings.attempts + 1):
        fence.confirm()
        try:
            with at_once():
                # BigQuery does not know the lock: a process that stood still must not go on here.
                fence.require()
                appending.append()
        except ConcordError:
            raise
        except Exception as error:
            if attempt == settings.attempts or not _may_try_again(error, attempt):
                raise
            sleep(min(settings.longest_wait_seconds, settings.first_wait_seconds * 2**attempt / 2))
        else:
            break
    return n_rows


def ledger_sql(ledger: str, columns: Sequence[str], tables: Sequence[str]) -> str:
    """Return the one statement that appends the rows of a run for all entities."""
    names = ", ".join(columns)
    rows = "\n            union all\n".join(
        f"            select {names} from `{table}`" for table in tables
    )
    return f"""
        insert into `{ledger}` ({names})
        with found as (
{rows}
        )
        select {names}
        from found
        where not exists (
            select 1
            from `{ledger}` as known
            where known.run_id = found.run_id and known.entity = found.entity
        )
    """


class _Appending:
    """The job that appends. It has a name, so that asking for it again starts no second one."""

    def __init__(self, connection: Connection, run_id: str, models: Sequence[ManifestNode]) -> None:
        self._client = connection.client
        self._run_id = run_id
        self._failures = 0
        ledger = connection.table_id(connection.settings.ops_dataset, ENTITY_LEDGER)
        self._sql = ledger_sql(
            ledger, ledger_columns(connection), [model.table for model in models]
        )

    def append(self) -> None:
        """Start the job, or find the one that an answer got lost of, and wait for it."""
        from google.api_core.exceptions import Conflict

        job_id = f"concord-commit-{self._run_id}-{self._failures}"
        job: Any
        try:
            job = self._client.query(self._sql, job_id=job_id, job_retry=None)
        except Conflict:
            job = self._client.get_job(job_id)
        try:
            job.result(timeout=COMMIT_SECONDS)
        except Exception:
            # The name of a job that has failed is used up.
            self._failures += bool(job.error_result)
            raise


def ledger_columns(connection: Connection) -> tuple[str, ...]:
    """Return the declared columns of the ledger."""
    declared = read_own_tables(connection.settings.project_dir)
    [ledger] = [table for table in declared if table.name == ENTITY_LEDGER]
    return tuple(column.name for column in ledger.columns)


def _count_rows(
    connection: Connection, models: Sequence[ManifestNode], night_ids: Sequence[str]
) -> int:
    """Count the rows to append. Rows that another run built are not this night's to accept."""
    each = " union all ".join(f"select run_id from `{model.table}`" for model in models)
    counts: dict[str | None, int] = {
        row["run_id"]: row["n_rows"]
        for row in connection.query(f"select run_id, count(*) as n_rows from ({each}) group by 1")
    }
    others = sorted(str(run_id) for run_id in counts.keys() - set(night_ids))
    if others:
        raise RunFailed(
            f"the changes of ids that wait were built by {', '.join(others)}, not by this run: "
            "nothing is accepted or published",
            "start 'concord run', which builds them anew",
        )
    return sum(counts.values())


def _may_try_again(error: Exception, attempt: int) -> bool:
    known = as_concord_error(error)
    error_class = classify_message(str(error))
    if isinstance(known, WarehouseUnavailable) and error_class is ErrorClass.UNKNOWN:
        error_class = ErrorClass.TRANSIENT
    limit = RETRIES[error_class]
    return limit is None or attempt <= limit
