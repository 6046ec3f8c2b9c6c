"""LOWER knows the letters whose small form depends on their place, or is two.

Stock: DuckDB maps each letter alone, so that a sigma at the end of a word is the one of its middle,
and a dotted capital I loses its dot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from local_warehouse.fixes.functions import at_engine_start, create_arrow_function, one_array
from local_warehouse.fixes.syntax_trees import TreeRepair

if TYPE_CHECKING:
    import duckdb

_NAME = "concord_lower"


def lower(column: pa.Array) -> pa.Array:
    """Return each text in small letters, by Unicode's full mapping."""
    texts = one_array(column)
    lowered = pc.utf8_lower(texts)
    is_special = pc.fill_null(pc.match_substring_regex(texts, "[Σİ]"), False)
    if not pc.any(is_special).as_py():
        return lowered
    special = [text.lower() for text in texts.filter(is_special).to_pylist()]
    return pc.replace_with_mask(lowered, is_special, pa.array(special, lowered.type))


def _as_own_function(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.Lower):
        return None
    return exp.Anonymous(this=_NAME, expressions=[node.this.copy()])


REPAIR = TreeRepair(words=("LOWER",), replace=_as_own_function)


def apply() -> None:
    """Make the function known to DuckDB."""

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        create_arrow_function(connection, _NAME, lower, ["VARCHAR"], "VARCHAR")

    at_engine_start(prepare)
