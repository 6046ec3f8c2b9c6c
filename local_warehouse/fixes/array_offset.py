"""a[offset(i)] takes the right element when i is not a literal.

Stock: sqlglot moves BigQuery's index from 0 to DuckDB's 1 only when it knows that the index is an
integer; for a column it does not, and the element before is returned without a word.
"""

from __future__ import annotations

from sqlglot import exp

from local_warehouse.fixes.syntax_trees import TreeRepair


def _with_integer_index(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.Bracket) or len(node.expressions) != 1:
        return None
    index = node.expressions[0]
    if isinstance(index, exp.Literal | exp.Cast):
        return None
    bracket = node.copy()
    bracket.set("expressions", [exp.cast(index.copy(), "INT64", dialect="bigquery")])
    return bracket


REPAIR = TreeRepair(words=("[",), replace=_with_integer_index)
