"""The log of runs: two tables of the warehouse, and a copy of every run as JSON lines.

A copy waits in `pending/` until its rows are in the warehouse, then it moves to `loaded/`. What
the warehouse refused comes with the next run. Nothing here changes the result of a run: a failure
is a text in the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.access.ensure import ensure_dataset, ensure_tables
from orchestrator.brief_query import brief_query
from orchestrator.run_log.rows import NODES, RUNS, from_lines, rows_of, schema, to_lines
from orchestrator.run_log.started import RUN_ID
from orchestrator.state_files import RunFiles, open_run_files, problem_of

if TYPE_CHECKING:
    from orchestrator.run_log.record import RunRecord
    from orchestrator.run_log.rows import RunRows
    from orchestrator.settings import Settings
    from orchestrator.warehouse_client import Connection

PENDING: Final = "pending"
LOADED: Final = "loaded"
SUFFIX: Final = ".jsonl"
# Of one call; Google's client would go on for ten minutes.
CALL_SECONDS: Final = 20.0
LOAD_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class RunLogResult:
    """What became of a record. `loaded` are the runs that are in the warehouse now."""

    has_copy: bool
    loaded: tuple[str, ...]
    problem: str = ""


def ensure_run_log(connection: Connection) -> None:
    """Create the dataset and the tables, and columns that an older version did not have."""
    from google.api_core.exceptions import NotFound
    from google.cloud.bigquery import Table, TimePartitioning

    client = connection.client
    ensure_dataset(connection, connection.settings.ops_dataset, **_brief())
    for name in (RUNS, NODES):
        try:
            table = client.get_table(_table_id(connection, name), **_brief())
        except NotFound:
            table = Table(_table_id(connection, name), schema=schema(name))
            table.time_partitioning = TimePartitioning(field="started_at")
            table.clustering_fields = ["run_id"]
            ensure_tables(connection, connection.settings.ops_dataset, [table], **_brief())
            continue
        known = {column.name for column in table.schema}
        missing = [column for column in schema(name) if column.name not in known]
        if missing:
            table.schema = [*table.schema, *missing]
            client.update_table(table, ["schema"], **_brief())


def keep_copy(settings: Settings, record: RunRecord) -> str:
    """Keep the copy of a run whose warehouse cannot be reached; return the problem, or ''."""
    name = f"{PENDING}/{record.run_id}{SUFFIX}"
    return problem_of(lambda: open_run_files(settings).write(name, to_lines(rows_of(record))))


def write_run(connection: Connection, record: RunRecord) -> RunLogResult:
    """Write a run, and what earlier runs could not: first the copy, then the warehouse."""
    settings = connection.settings
    waiting: dict[str, RunRows] = {record.run_id: rows_of(record)}
    no_copy = keep_copy(settings, record)
    unread = problem_of(lambda: _add_pending(open_run_files(settings), waiting))
    unloaded = problem_of(lambda: _load(connection, waiting))
    loaded = () if unloaded else tuple(waiting)
    unmoved = problem_of(
        lambda: _move(open_run_files(settings), {id_: waiting[id_] for id_ in loaded})
    )
    problems = (no_copy, unread, unloaded, unmoved)
    return RunLogResult(not no_copy, loaded, "; ".join(dict.fromkeys(filter(None, problems))))


def read_copies(settings: Settings, limit: int) -> tuple[RunRows, ...]:
    """Return the newest runs from their copies, the newest first."""
    files = open_run_files(settings)
    names = sorted((*files.names(LOADED), *files.names(PENDING)), key=_run_id_of, reverse=True)
    # A copy that was being moved is in both folders.
    by_run = {_run_id_of(name): name for name in names}
    rows = (_read_rows(files, name) for name in list(by_run.values())[:limit])
    return tuple(found for found in rows if found is not None)


def _add_pending(files: RunFiles, waiting: dict[str, RunRows]) -> None:
    for name in files.names(PENDING):
        run_id = _run_id_of(name)
        if run_id not in waiting and RUN_ID.fullmatch(run_id):
            rows = _read_rows(files, name)
            if rows is not None:
                waiting[run_id] = rows


def _load(connection: Connection, waiting: dict[str, RunRows]) -> None:
    from google.cloud.bigquery import LoadJobConfig, SchemaUpdateOption, WriteDisposition

    ensure_run_log(connection)
    # Runs last: where there is a run, its nodes are there.
    for table in (NODES, RUNS):
        known = _known_runs(connection, table, tuple(waiting))
        missing = {id_ for id_, of in waiting.items() if id_ not in known and of[table]}
        if not missing:
            continue
        rows = [row for run_id in waiting if run_id in missing for row in waiting[run_id][table]]
        job_config = LoadJobConfig(
            schema=schema(table),
            write_disposition=WriteDisposition.WRITE_APPEND,
            schema_update_options=[SchemaUpdateOption.ALLOW_FIELD_ADDITION],
            ignore_unknown_values=True,
        )
        try:
            connection.client.load_table_from_json(
                rows,
                _table_id(connection, table),
                num_retries=2,
                timeout=CALL_SECONDS,
                job_config=job_config,
            ).result(timeout=LOAD_SECONDS)
        except Exception:
            # Its answer may have got lost after its work was done.
            if not missing <= _known_runs(connection, table, tuple(missing)):
                raise


def _known_runs(connection: Connection, table: str, run_ids: tuple[str, ...]) -> set[str]:
    """Return the runs that are there: a load whose answer got lost may have worked."""
    from google.cloud.bigquery import ArrayQueryParameter

    name = _table_id(connection, table)
    wanted = ArrayQueryParameter("run_ids", "STRING", list(run_ids))
    sql = f"select distinct run_id from `{name}` where run_id in unnest(@run_ids)"
    rows = brief_query(connection, sql, wanted)
    return {row["run_id"] for row in rows}


def _move(files: RunFiles, loaded: dict[str, RunRows]) -> None:
    for run_id, rows in loaded.items():
        files.write(f"{LOADED}/{run_id}{SUFFIX}", to_lines(rows))
        files.remove(f"{PENDING}/{run_id}{SUFFIX}")


def _read_rows(files: RunFiles, name: str) -> RunRows | None:
    text = files.read(name)
    try:
        return from_lines(text) if text else None
    except (ValueError, KeyError, TypeError):
        return None  # Somebody changed it by hand; it stays where it is.


def _run_id_of(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(SUFFIX)


def _table_id(connection: Connection, name: str) -> str:
    return connection.table_id(connection.settings.ops_dataset, name)


def _brief() -> dict[str, Any]:
    from google.cloud.bigquery import DEFAULT_RETRY

    return {"retry": DEFAULT_RETRY.with_timeout(CALL_SECONDS), "timeout": CALL_SECONDS}
