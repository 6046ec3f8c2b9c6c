"""Reads the log of runs: from the warehouse, or from the copies when it does not answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestrator.bigquery.patience import PATIENT
from orchestrator.dbt.artifacts import FAILED
from orchestrator.run_log.copies import read_copies, read_copy
from orchestrator.run_log.rows import NODES, RUNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection
    from orchestrator.run_log.rows import RunRows
    from orchestrator.settings.values import Settings


@dataclass(frozen=True, slots=True)
class PastRun:
    """One line of the history. `bytes_billed` is None where no node says it."""

    run_id: str
    command: str
    target: str
    status: str
    started_at: datetime
    seconds: float
    nodes: int
    failed_nodes: int
    retries: int
    bytes_billed: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class PastNode:
    """One node of a run."""

    name: str
    resource_type: str
    status: str
    attempts: int
    error_class: str | None
    seconds: float
    bytes_billed: int | None
    message: str


def runs_sql(runs: str, nodes: str, limit: int) -> str:
    """Return the query of the newest runs; `runs` and `nodes` are quoted tables."""
    failed = ", ".join(f"'{status}'" for status in sorted(FAILED))
    return f"""
        with newest as (
            select * from {runs} order by started_at desc, run_id desc limit {limit}
        )

        select
            newest.run_id,
            any_value(newest.command) as command,
            any_value(newest.target) as target,
            any_value(newest.status) as status,
            any_value(newest.started_at) as started_at,
            any_value(newest.ended_at) as ended_at,
            any_value(newest.retries) as retries,
            any_value(newest.problem) as problem,
            count(nodes.run_id) as nodes,
            countif(nodes.status in ({failed})) as failed_nodes,
            min(if(nodes.status in ({failed}), nodes.name, null)) as failed_node,
            cast(sum(nodes.bytes_billed) as int64) as bytes_billed,
        from newest
        left join {nodes} as nodes on newest.run_id = nodes.run_id
        group by newest.run_id
        order by started_at desc, run_id desc
    """


def past_run(row: dict[str, Any]) -> PastRun:
    """Return a row of the query as a run."""
    values = dict(row)
    seconds = (values.pop("ended_at") - values["started_at"]).total_seconds()
    failed_node = values.pop("failed_node")
    problem = values["problem"] or (f"{failed_node} failed" if failed_node else "")
    return PastRun(**values | {"seconds": seconds, "problem": problem})


def read_runs(connection: Connection, limit: int) -> tuple[PastRun, ...]:
    """Return the newest runs from the warehouse, the newest first."""
    sql = runs_sql(_quoted(connection, RUNS), _quoted(connection, NODES), limit)
    return tuple(past_run(dict(row)) for row in connection.query(sql, patience=PATIENT))


def read_nodes(connection: Connection, run_id: str) -> tuple[PastNode, ...]:
    """Return the nodes of a run from the warehouse."""
    from google.cloud.bigquery import ScalarQueryParameter

    sql = f"select {', '.join(PastNode.__slots__)} from {_quoted(connection, NODES)}"
    wanted = ScalarQueryParameter("run_id", "STRING", run_id)
    rows = connection.query(f"{sql} where run_id = @run_id", wanted, patience=PATIENT)
    return _sorted(PastNode(**dict(row)) for row in rows)


def runs_of_copies(settings: Settings, limit: int) -> tuple[PastRun, ...]:
    """Return the newest runs from their copies, the newest first."""
    return tuple(_run_of_copy(copy) for copy in read_copies(settings, limit))


def nodes_of_copy(settings: Settings, run_id: str) -> tuple[PastNode, ...]:
    """Return the nodes of a run from its copy."""
    copy = read_copy(settings, run_id)
    names = PastNode.__slots__
    rows = copy[NODES] if copy is not None else []
    return _sorted(PastNode(**{name: row[name] for name in names}) for row in rows)


def _run_of_copy(copy: RunRows) -> PastRun:
    (run,), nodes = copy[RUNS], copy[NODES]
    billed = [node["bytes_billed"] for node in nodes if node["bytes_billed"] is not None]
    failed = [node["name"] for node in nodes if node["status"] in FAILED]
    names = ("run_id", "command", "target", "status", "retries", "problem")
    return past_run(
        {name: run[name] for name in names}
        | {name: datetime.fromisoformat(run[name]) for name in ("started_at", "ended_at")}
        | {
            "nodes": len(nodes),
            "failed_nodes": len(failed),
            "failed_node": min(failed, default=None),
            "bytes_billed": sum(billed) if billed else None,
        }
    )


def _sorted(nodes: Iterable[PastNode]) -> tuple[PastNode, ...]:
    """Failed ones first, then the slow ones."""
    return tuple(sorted(nodes, key=lambda node: (node.status not in FAILED, -node.seconds)))


def _quoted(connection: Connection, table: str) -> str:
    return f"`{connection.table_id(connection.settings.ops_dataset, table)}`"
