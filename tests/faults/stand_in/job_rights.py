"""The permissions that a job needs: those of every table that it reads or writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.faults.stand_in.warehouse import NotThere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.stand_in.jobs import Job
    from tests.faults.stand_in.rights import Rights
    from tests.faults.stand_in.statements import Statement, TableName
    from tests.faults.stand_in.warehouse import Warehouse

BUCKET: Final = re.compile(r"uri\s*=\s*'gs://([^/']+)/")
# A part of a job as the table of calls names it, and the table.
Need = tuple[str, "TableName"]


def require_for_job(rights: Rights, account: str, job: Job, warehouse: Warehouse) -> None:
    """Refuse a job that touches what the account may not."""
    for part, (dataset, table) in _needs(job, warehouse):
        if part == "create schema":
            rights.require(account, "datasets.insert")
        elif dataset != "_anonymous":
            in_dataset = part in {"job creates", "job loads"}
            rights.require(account, part, dataset, "" if in_dataset else table)


def _needs(job: Job, warehouse: Warehouse) -> Iterator[Need]:
    if job.statement is not None:
        yield from _of_statement(job.statement, warehouse)
        return
    details = job.configuration[job.kind]
    if job.kind == "copy":
        source = details.get("sourceTable") or details["sourceTables"][0]
        yield "job reads", (source["datasetId"], source["tableId"])
    if job.target is not None:
        yield "job loads", job.target
        if details.get("schemaUpdateOptions"):
            yield "job adds columns", job.target


def _of_statement(statement: Statement, warehouse: Warehouse) -> Iterator[Need]:
    kind, target = statement.kind, statement.target
    if kind == "EXPORT" and (bucket := BUCKET.search(statement.text)):
        # What is there may be replaced.
        yield "objects.replace", (bucket.group(1), "")
    for name in statement.reads:
        if kind == "CREATE_SNAPSHOT":
            yield "job is copied", name
            if "expiration_timestamp" in statement.text:
                yield "job is copied for a while", name
        else:
            part = "job exports" if kind == "EXPORT" else "job reads"
            yield from ((part, below) for below in _with_views(name, warehouse))
    if target is not None:
        yield from _of_target(statement, target, warehouse)


def _of_target(statement: Statement, target: TableName, warehouse: Warehouse) -> Iterator[Need]:
    kind = statement.kind
    if kind == "CREATE_SCHEMA":
        yield "create schema", target
    elif kind == "DROP_TABLE":
        yield "job drops", target
    elif statement.writes_rows:
        yield "job changes rows", target
    elif target in warehouse.tables:
        yield "job replaces", target
    else:
        yield "job creates", target
        if kind == "CREATE_SNAPSHOT":
            yield "job replaces", target


def _with_views(name: TableName, warehouse: Warehouse) -> Iterator[TableName]:
    """Return a table; of a view also what it reads: it is no authorized one."""
    yield name
    try:
        view = warehouse.table(name).view
    except NotThere:
        return
    for below in view.reads if view else ():
        yield from _with_views(below, warehouse)
