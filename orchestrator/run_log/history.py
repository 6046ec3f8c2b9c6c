"""Reads the log of runs: from the warehouse, or from the copies when it does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestrator.bigquery.patience import PATIENT
from orchestrator.dbt.node import FAILED, Node, NodeTotals, node_of_row, totals_of
from orchestrator.run_log.copies import read_copies, read_copy
from orchestrator.run_log.rows import ENTITIES, NODES, OF_IDS, RUNS, run_of_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orchestrator.bigquery.connect import Connection
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings


def runs_sql(runs: str, nodes: str, limit: int) -> str:
    """Return the query of the newest runs; `runs` and `nodes` are quoted tables."""
    names = [f"{entity}_{figure}" for entity in ENTITIES for figure in OF_IDS]
    of_ids = " ".join(f"any_value(newest.{name}) as {name}," for name in names)
    failed = ", ".join(f"'{status}'" for status in sorted(FAILED))
    return f"""
        with newest as (
            select * from {runs} order by started_at desc, run_id desc limit {limit}
        )

        select
            newest.run_id,
            any_value(newest.command) as command,
            any_value(newest.target) as target,
            any_value(newest.dataset) as dataset,
            any_value(newest.status) as status,
            any_value(newest.started_at) as started_at,
            any_value(newest.ended_at) as ended_at,
            any_value(newest.retries) as retries,
            any_value(newest.problem) as problem,
            {of_ids}
            count(nodes.run_id) as nodes,
            countif(nodes.status in ({failed})) as failed_nodes,
            min(if(nodes.status in ({failed}), nodes.name, null)) as failed_node,
            cast(sum(nodes.bytes_billed) as int64) as bytes_billed,
        from newest
        left join {nodes} as nodes on newest.run_id = nodes.run_id
        group by newest.run_id
        order by started_at desc, run_id desc
    """


def run_of(row: Mapping[str, Any]) -> Run:
    """Return a row of the query as a run."""
    billed = row["bytes_billed"]
    return run_of_row(
        row, NodeTotals(row["nodes"], row["failed_nodes"], billed, row["failed_node"])
    )


def read_runs(connection: Connection, limit: int) -> tuple[Run, ...]:
    """Return the newest runs from the warehouse, the newest first."""
    sql = runs_sql(_quoted(connection, RUNS), _quoted(connection, NODES), limit)
    return tuple(run_of(dict(row)) for row in connection.query(sql, patience=PATIENT))


def read_nodes(connection: Connection, run_id: str) -> tuple[Node, ...]:
    """Return the nodes of a run from the warehouse."""
    from google.cloud.bigquery import ScalarQueryParameter

    sql = f"select * from {_quoted(connection, NODES)} where run_id = @run_id"
    wanted = ScalarQueryParameter("run_id", "STRING", run_id)
    rows = connection.query(sql, wanted, patience=PATIENT)
    return _sorted(node_of_row(dict(row)) for row in rows)


def runs_of_copies(settings: Settings, limit: int) -> tuple[Run, ...]:
    """Return the newest runs from their copies, the newest first."""
    return tuple(
        run_of_row(copy[RUNS][0], totals_of(map(node_of_row, copy[NODES])))
        for copy in read_copies(settings, limit)
    )


def nodes_of_copy(settings: Settings, run_id: str) -> tuple[Node, ...]:
    """Return the nodes of a run from its copy."""
    copy = read_copy(settings, run_id)
    return _sorted(map(node_of_row, copy[NODES] if copy is not None else ()))


def _sorted(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Failed ones first, then the slow ones."""
    return tuple(sorted(nodes, key=lambda node: (not node.has_failed, -node.seconds)))


def _quoted(connection: Connection, table: str) -> str:
    return f"`{connection.table_id(connection.settings.ops_dataset, table)}`"
