"""EDIT_DISTANCE counts characters.

Stock: DuckDB's `levenshtein` counts bytes, so 'é' and 'e' are 2 apart. BigQuery says 1.
Texts of plain ASCII still go to DuckDB's own function, which is the fastest, and nulls go nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist
from sqlglot import exp

from orchestrator.local_warehouse.fixes.functions import (
    at_engine_start,
    create_arrow_function,
    one_array,
)
from orchestrator.local_warehouse.fixes.syntax_trees import TreeRepair

if TYPE_CHECKING:
    import duckdb

_MACRO = """
create or replace temp macro concord_edit_distance(a, b) as
    case
        when a is null or b is null then null
        when strlen(a) = length(a) and strlen(b) = length(b) then levenshtein(a, b)
        else concord_edit_distance_unicode(a, b)
    end
"""
_CAPPED_MACRO = """
create or replace temp macro concord_capped_edit_distance(a, b, cap) as
    case
        when a is null or b is null then null
        when strlen(a) = length(a) and strlen(b) = length(b) then
            case
                when abs(strlen(a) - strlen(b)) >= cap then cap
                else least(levenshtein(a, b), cap)
            end
        else least(concord_edit_distance_unicode(a, b), cap)
    end
"""


def edit_distance_unicode(left: pa.Array, right: pa.Array) -> pa.Array:
    """Return the distance of each pair in characters, null when either is null."""
    left, right = one_array(left), one_array(right)
    distances = cpdist(
        pc.fill_null(left, "").to_pylist(),
        pc.fill_null(right, "").to_pylist(),
        scorer=Levenshtein.distance,
        dtype=np.int64,
    )
    return pa.array(distances, mask=np.asarray(pc.or_(left.is_null(), right.is_null())))


def _call_macro(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.Levenshtein):
        return None
    texts = [node.this.copy(), node.expression.copy()]
    cap = node.args.get("max_dist")
    if cap is None:
        return exp.Anonymous(this="concord_edit_distance", expressions=texts)
    return exp.Anonymous(this="concord_capped_edit_distance", expressions=[*texts, cap.copy()])


REPAIR = TreeRepair(words=("EDIT_DISTANCE",), replace=_call_macro)


def apply() -> None:
    """Register the function, and the macros around it."""

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        create_arrow_function(
            connection,
            "concord_edit_distance_unicode",
            edit_distance_unicode,
            ["VARCHAR", "VARCHAR"],
            "BIGINT",
        )
        connection.execute(_MACRO)
        connection.execute(_CAPPED_MACRO)

    at_engine_start(prepare)
