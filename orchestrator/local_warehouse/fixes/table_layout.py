"""CREATE TABLE ... PARTITION BY ... CLUSTER BY is known as such afterwards.

Stock: the statement runs, and the table has no clusters; of partitions a plain column alone is
known, not `timestamp_trunc(column, month)`. dbt compares a table with its model in every build,
and drops what is laid out otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import sqlglot
from bqemulator.catalog.models import Clustering, TimePartitioning
from bqemulator.jobs import executor
from bqemulator.scripting import interpreter
from sqlglot import exp
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from bqemulator.api.dependencies import AppContext

# What stands before the query. Windows in the query have a PARTITION BY, too.
_HEAD: Final = re.compile(
    r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
    r"(?P<head>create\s+(?:or\s+replace\s+)?table\b.*?)(?:\bas\s*\(|\bas\s+(?:select|with)\b|;|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_CLAUSE: Final = re.compile(r"\b(?:partition|cluster)\s+by\b", re.IGNORECASE)


class WrittenLayout(NamedTuple):
    """What a statement says of the table that it makes."""

    table: str
    partitions: tuple[str, str] | None
    clusters: tuple[str, ...]


def written_layout(sql: str) -> WrittenLayout | None:
    """Return the layout of a table that a statement makes: its name, column and unit, clusters.

    None for any other statement, and for a table that has neither partitions nor clusters.
    """
    match = _HEAD.match(sql)
    if match is None or not _CLAUSE.search(match["head"]):
        return None
    try:
        tree = sqlglot.parse_one(match["head"], read="bigquery")
    except SqlglotError:
        return None
    table = tree.find(exp.Table)
    properties = tree.args.get("properties")
    if table is None or properties is None:
        return None
    partitions, clusters = None, ()
    for one in properties.expressions:
        if isinstance(one, exp.PartitionedByProperty):
            partitions = _partitions(one.this)
        elif isinstance(one, exp.ClusterProperty):
            clusters = tuple(column.name for column in one.expressions)
    return WrittenLayout(".".join(part.name for part in table.parts), partitions, clusters)


def apply() -> None:
    """Write the layout down after the table is known, in both modules that make tables."""
    stock_sync = executor.sync_created_table

    def sync_created_table(bq_sql: str, project_id: str, ctx: AppContext) -> None:
        stock_sync(bq_sql, project_id, ctx)
        layout = written_layout(bq_sql)
        if layout is not None:
            _note(project_id, layout, ctx)

    executor.sync_created_table = sync_created_table
    interpreter.sync_created_table = sync_created_table


def _partitions(expression: exp.Expression) -> tuple[str, str] | None:
    """Return column and unit; None for ranges of numbers."""
    unit = expression.args.get("unit")
    if unit is None and not isinstance(expression, exp.Column | exp.Identifier | exp.Date):
        return None
    column = expression.find(exp.Identifier)
    return (column.name, unit.name.upper() if unit else "DAY") if column else None


def _note(project_id: str, layout: WrittenLayout, ctx: AppContext) -> None:
    *project, dataset, table = layout.table.split(".")
    known = ctx.catalog.get_table(project[0] if project else project_id, dataset, table)
    if known is None:
        return
    found: dict[str, object] = {}
    if layout.clusters:
        found["clustering"] = Clustering(fields=layout.clusters)
    if layout.partitions is not None:
        options = known.time_partitioning or TimePartitioning()
        field, unit = layout.partitions
        found["time_partitioning"] = options.model_copy(update={"field": field, "type": unit})
    ctx.catalog.update_table(known.model_copy(update=found))
