"""CURRENT_DATETIME() exists.

Stock: DuckDB has no such function, so the statement fails.
"""

from __future__ import annotations

from sqlglot import exp

from orchestrator.local_warehouse.fixes.syntax_trees import TreeRepair


def _cast_timestamp(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.CurrentDatetime) or node.this is not None:
        return None
    return exp.cast(exp.CurrentTimestamp(), "DATETIME", dialect="bigquery")


REPAIR = TreeRepair(words=("CURRENT_DATETIME",), replace=_cast_timestamp)
