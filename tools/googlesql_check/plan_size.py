"""How large BigQuery's plan of a statement can get.

BigQuery may evaluate a CTE each time it is read, and a view always: a statement that reads one
often has the plan of all of them ("too many subqueries or query is too complex"). Everything is
counted as if it were written out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tools.googlesql_check.dbt_nodes import DbtNode

SCANS = "table scans"
SUBQUERIES = "scalar subqueries"
# The largest that a statement of this project may have.
LIMITS = {SCANS: 30, SUBQUERIES: 8}
# A person asks an analysis of one pair, now and then: what a build does in several statements, it
# does in one.
ANALYSIS_LIMITS = {SCANS: 75, SUBQUERIES: 8}

Size = Counter[str]


class PlanSizes:
    """Counts the statements of nodes in the order of the graph, and remembers the views."""

    def __init__(self) -> None:
        self._views: dict[str, Size] = {}

    def excess(self, node: DbtNode, sql: str) -> str | None:
        """Say what is too large of a statement with everything that it reads written out."""
        size = plan_size(sql, self._views)
        if node.materialized == "view" and node.kind == "model":
            self._views[".".join(node.relation).lower()] = size
        limits = ANALYSIS_LIMITS if node.kind == "analysis" else LIMITS
        found = [f"{size[what]} {what}" for what, limit in limits.items() if size[what] > limit]
        if not found:
            return None
        allowed = " and ".join(f"{limit} {what}" for what, limit in limits.items())
        return (
            f"has {' and '.join(found)} when its CTEs and views are written out, at most {allowed}"
            " are allowed: read it once (unnest, a window), or make what is read often a table"
        )


def plan_size(sql: str, views: Mapping[str, Size]) -> Size:
    """Count the scans of tables and the scalar subqueries of a statement."""
    return _counted(sqlglot.parse_one(sql, read="bigquery"), dict(views))


def _counted(query: exp.Expression, known: dict[str, Size]) -> Size:
    known = dict(known)
    for cte in _ctes(query):
        known[cte.alias.lower()] = _counted(cte.this, known)
    size: Size = Counter()
    _walk(query, query, known, size)
    return size


def _walk(node: exp.Expression, query: exp.Expression, known: dict[str, Size], size: Size) -> None:
    if isinstance(node, exp.With):
        return
    if node is not query and _ctes(node):
        size.update(_counted(node, known))
        return
    if isinstance(node, exp.Table):
        name = ".".join(part.name for part in node.parts).lower()
        size.update(known.get(name, {SCANS: 1}))
        children: Iterator[exp.Expression] = iter(node.args.get("joins") or ())
    else:
        is_scalar = isinstance(node, exp.Subquery) and not isinstance(
            node.parent, exp.From | exp.Join
        )
        size[SUBQUERIES] += is_scalar
        children = node.iter_expressions()
    for child in children:
        _walk(child, query, known, size)


def _ctes(node: exp.Expression) -> list[exp.CTE]:
    with_ = node.args.get("with_") if isinstance(node, exp.Query) else None
    return list(with_.expressions) if with_ is not None else []
