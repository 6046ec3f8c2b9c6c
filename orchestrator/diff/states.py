"""Which two states are compared: what waits, what a run did, or the states after two runs.

A state is all that the ledger says up to a moment. A run that changed nothing is not in it: its
moment is then its start, as the run log has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.patience import PATIENT
from orchestrator.errors import InputError
from orchestrator.sources.own_tables import ENTITY_LEDGER

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection

WAITING: Final = ("int_company_ledger_rows", "int_person_ledger_rows")
RUNS: Final = "pipeline_runs"
FROM_HISTORY: Final = "take the id of a run that succeeded from 'concord history'"


@dataclass(frozen=True, slots=True)
class State:
    """What the ledger says up to a moment, None for all of it, with or without that moment.

    `has_waiting` adds what a build would append that nobody has accepted.
    """

    upto: datetime | None = None
    is_included: bool = True
    has_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states, and in words what their difference is."""

    title: str
    before: State
    after: State
    run_ids: tuple[str, ...]


def ledger_id(connection: Connection) -> str:
    """Return the full name of the ledger."""
    return connection.table_id(connection.settings.ops_dataset, ENTITY_LEDGER)


def waiting_tables(connection: Connection) -> tuple[str, ...]:
    """Return the tables of the rows that a build would append; none before the first build."""
    dataset = f"{connection.settings.dataset}_entities"
    present = connection.table_names(dataset)
    return tuple(connection.table_id(dataset, name) for name in WAITING if name in present)


def find_comparison(connection: Connection, runs: tuple[str, ...]) -> Comparison:
    """Return what the runs that were named, none, one or two, ask for."""
    if len(runs) == 2:
        first, second = (State(_moment(connection, run_id)) for run_id in runs)
        title = f"From the state after run {runs[0]} to the state after run {runs[1]}"
        return Comparison(title, first, second, runs)
    if runs:
        return _of_run(runs[0], _moment(connection, runs[0]))
    waiting = _waiting_run(connection)
    if waiting is not None:
        title = f"What run {waiting} would change, which was built and not accepted"
        return Comparison(title, State(), State(has_waiting=True), (waiting,))
    sql = f"""
        select run_id, happened_at
        from `{ledger_id(connection)}`
        order by happened_at desc, run_id desc
        limit 1
    """
    newest = _rows(connection, sql)
    if not newest:
        raise InputError(
            "no run was accepted yet: there are no ids to compare", "run 'concord run'"
        )
    return _of_run(newest[0]["run_id"], newest[0]["happened_at"])


def _of_run(run_id: str, moment: datetime) -> Comparison:
    before = State(moment, is_included=False)
    return Comparison(f"What run {run_id} changed", before, State(moment), (run_id,))


def _waiting_run(connection: Connection) -> str | None:
    """Return the run that built what waits; None when all of it is in the ledger."""
    tables = waiting_tables(connection)
    if not tables:
        return None
    built = " union all ".join(f"select run_id from `{table}`" for table in tables)
    sql = f"""
        select run_id
        from ({built})
        where run_id not in (select run_id from `{ledger_id(connection)}`)
        limit 1
    """
    found = _rows(connection, sql)
    return str(found[0]["run_id"]) if found else None


def _moment(connection: Connection, run_id: str) -> datetime:
    """Return the time that the ledger has of a run, or of the run that it resumed."""
    seen: list[dict[str, Any]] = []
    wanted: str | None = run_id
    while wanted and wanted not in {row["run_id"] for row in seen}:
        sql = f"select max(happened_at) as moment from `{ledger_id(connection)}` where run_id = @id"
        [row] = _rows(connection, sql, wanted)
        if row["moment"] is not None:
            return row["moment"]  # type: ignore[no-any-return]
        log = connection.table_id(connection.settings.ops_dataset, RUNS)
        sql = f"select run_id, started_at, status, resumes from `{log}` where run_id = @id"
        seen += _rows(connection, sql, wanted)[:1]
        wanted = seen[-1]["resumes"] if seen and seen[-1]["run_id"] == wanted else None
    if not seen:
        raise InputError(f"nothing is known of a run {run_id}", FROM_HISTORY)
    if seen[0]["status"] != "success":
        raise InputError(f"run {run_id} was not accepted: it changed no id", FROM_HISTORY)
    return seen[0]["started_at"]  # type: ignore[no-any-return]


def _rows(connection: Connection, sql: str, run_id: str | None = None) -> list[dict[str, Any]]:
    from google.api_core.exceptions import NotFound
    from google.cloud.bigquery import ScalarQueryParameter

    wanted = [ScalarQueryParameter("id", "STRING", run_id)] if run_id is not None else []
    try:
        return [dict(row) for row in connection.query(sql, *wanted, patience=PATIENT)]
    except NotFound:
        raise InputError("there is no ledger of ids yet", "run 'concord run' first") from None
