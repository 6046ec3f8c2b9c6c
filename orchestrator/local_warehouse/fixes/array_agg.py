"""ARRAY_AGG takes DISTINCT, IGNORE NULLS, ORDER BY and LIMIT together.

Stock: IGNORE NULLS filters on `distinct x`, or on the whole argument with its limit, and cuts the
array before it filters; DuckDB refuses either. dbt's dynamic insert_overwrite needs it.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from bqemulator.sql.rewriter import aggregate_variants as stock
from sqlglot import exp


def filter_nulls(tree: exp.Expression) -> bool:
    """Turn `array_agg(... ignore nulls ...)` into a filtered aggregate. True when one was found."""
    found = [node for node in tree.find_all(exp.IgnoreNulls) if isinstance(node.this, exp.ArrayAgg)]
    for node in found:
        node.replace(_filtered(node.this.this))
    return bool(found)


def _filtered(argument: exp.Expression) -> exp.Expression:
    limit = argument.expression if isinstance(argument, exp.Limit) else None
    listed = argument.this if isinstance(argument, exp.Limit) else argument
    is_present = exp.Not(this=exp.Is(this=_value(listed).copy(), expression=exp.Null()))
    filtered = exp.Filter(
        this=exp.ArrayAgg(this=listed.copy()), expression=exp.Where(this=is_present)
    )
    if limit is None:
        return filtered
    first = exp.Literal.number(1)
    return exp.Anonymous(this="ARRAY_SLICE", expressions=[filtered, first, limit.copy()])


def _value(argument: exp.Expression) -> exp.Expression:
    """Return the bare value below ORDER BY and DISTINCT."""
    while isinstance(argument, exp.Order | exp.Distinct):
        is_order = isinstance(argument, exp.Order)
        argument = argument.this if is_order else argument.expressions[0]
    return argument


def apply() -> None:
    """Take the place of bqemulator's own step."""
    stock._rewrite_ignore_nulls = filter_nulls
