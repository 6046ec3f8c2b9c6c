"""FULL UNION ALL BY NAME fills columns that one side lacks with nulls.

Stock: DuckDB does not know the word. Its own UNION ALL BY NAME does the same.
"""

from __future__ import annotations

from sqlglot import exp

from orchestrator.local_warehouse.fixes.syntax_trees import TreeRepair


def _by_name_alone(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.Union) or str(node.args.get("side") or "").upper() != "FULL":
        return None
    new = node.copy()
    new.set("side", None)
    new.set("kind", None)
    return new


REPAIR = TreeRepair(words=("FULL UNION", "FULL OUTER UNION"), replace=_by_name_alone)
