"""TIMESTAMP_DIFF counts whole units of elapsed time.

Stock: it counts the boundaries passed, so from 09:45 to 10:30 is one hour. BigQuery says 0.
"""

from __future__ import annotations

from sqlglot import exp

from orchestrator.local_warehouse.fixes.syntax_trees import TreeRepair

_MICROSECONDS = {
    "MILLISECOND": 1_000,
    "SECOND": 1_000_000,
    "MINUTE": 60_000_000,
    "HOUR": 3_600_000_000,
    "DAY": 86_400_000_000,
}


def _elapsed_units(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.TimestampDiff):
        return None
    unit = node.args.get("unit")
    size = _MICROSECONDS.get(unit.name.upper()) if unit is not None else None
    if size is None:
        return None
    later, earlier = (
        exp.Anonymous(this="UNIX_MICROS", expressions=[side.copy()])
        for side in (node.this, node.expression)
    )
    elapsed = exp.Paren(this=exp.Sub(this=later, expression=earlier))
    return exp.Anonymous(this="DIV", expressions=[elapsed, exp.Literal.number(size)])


REPAIR = TreeRepair(words=("TIMESTAMP_DIFF",), replace=_elapsed_units)
