"""LOWER knows the letters whose small form depends on their place, or is two.

Stock: DuckDB maps each letter alone, so that a sigma at the end of a word is the one of its middle,
and a dotted capital I loses its dot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from orchestrator.local_warehouse.fixes.functions import (
    at_engine_start,
    create_arrow_function,
    one_array,
)
from orchestrator.local_warehouse.fixes.syntax_trees import TreeRepair

if TYPE_CHECKING:
    import duckdb

_NAME = "concord_lower"
_SPECIAL = f"{_NAME}_special"


def lower(column: pa.Array) -> pa.Array:
    """Return each text in small letters, by Unicode's full mapping."""
    texts = one_array(column).to_pylist()
    return pa.array([None if text is None else text.lower() for text in texts], pa.string())


def _as_own_function(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.Lower):
        return None
    return exp.Anonymous(this=_NAME, expressions=[node.this.copy()])


REPAIR = TreeRepair(words=("LOWER",), replace=_as_own_function)


def apply() -> None:
    """Make the function known to DuckDB; texts without such a letter keep to DuckDB's own."""

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        create_arrow_function(connection, _SPECIAL, lower, ["VARCHAR"], "VARCHAR")
        connection.execute(
            f"create or replace temp macro {_NAME}(text) as case "
            f"when contains(text, 'Σ') or contains(text, 'İ') then {_SPECIAL}(text) "
            "else lower(text) end"
        )

    at_engine_start(prepare)
