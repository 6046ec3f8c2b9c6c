"""a[offset(i)] takes the element that BigQuery takes.

Stock: sqlglot moves BigQuery's index from 0 to DuckDB's 1 only when it believes that the index is
an integer and what is indexed an array. Of a column it knows the one or the other wrongly, or not
at all, and then the element before is returned without a word. A function's arguments stay as they
are.
"""

from __future__ import annotations

from sqlglot import exp

from orchestrator.local_warehouse.fixes.syntax_trees import TreeRepair


def _as_function(node: exp.Expression) -> exp.Expression | None:
    # A bare index or a key may be JSON's.
    if not isinstance(node, exp.Bracket) or node.args.get("offset") is None:
        return None
    [index] = node.expressions
    return exp.Anonymous(
        this="list_extract",
        expressions=[
            node.this.copy(),
            _position(index, node.args["offset"], is_safe=bool(node.args.get("safe"))),
        ],
    )


def _position(index: exp.Expression, first: int, *, is_safe: bool) -> exp.Expression:
    """The index counted from 1. DuckDB counts negative ones from the end, BigQuery does not."""
    if isinstance(index, exp.Literal) and index.is_int:
        return exp.Literal.number(int(index.name) + 1 - first)
    position: exp.Expression = exp.cast(index.copy(), "INT64", dialect="bigquery")
    if not first:
        position = exp.Add(this=position, expression=exp.Literal.number(1))
    if is_safe:
        position = exp.Greatest(this=position, expressions=[exp.Literal.number(0)])
    return position


REPAIR = TreeRepair(words=("OFFSET", "ORDINAL"), replace=_as_function)
