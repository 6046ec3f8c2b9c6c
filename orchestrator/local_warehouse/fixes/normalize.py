"""NORMALIZE and NORMALIZE_AND_CASEFOLD work on whole batches.

Stock: the right values, one Python call a row. Plain ASCII, the usual case, needs no Python.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal, cast

import pyarrow as pa
import pyarrow.compute as pc

from orchestrator.local_warehouse.fixes.functions import (
    at_engine_start,
    one_array,
    replace_function,
)

if TYPE_CHECKING:
    import duckdb

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def normalize(column: pa.Array, form: pa.Array) -> pa.Array:
    """Return each text in a Unicode normal form."""
    return pc.utf8_normalize(one_array(column), form=_form(form))


def normalize_and_casefold(column: pa.Array, form: pa.Array) -> pa.Array:
    """Return each text in a Unicode normal form, without differences of case."""
    texts = one_array(column)
    is_ascii = pc.string_is_ascii(texts)
    folded = pc.ascii_lower(texts)
    if pc.all(is_ascii).as_py() is not False:
        return folded
    other = pc.invert(is_ascii)
    wanted = _form(form)
    slow = [
        unicodedata.normalize(wanted, text).casefold()
        for text in texts.filter(other, null_selection_behavior="drop").to_pylist()
    ]
    return pc.replace_with_mask(folded, pc.fill_null(other, False), pa.array(slow, pa.string()))


def _form(column: pa.Array) -> Form:
    """The form is a literal in BigQuery, so one value stands for the whole batch."""
    values = one_array(column)
    return cast("Form", (values[0].as_py() or "NFC").upper() if len(values) else "NFC")


def apply() -> None:
    """Replace the functions that bqemulator calls for both."""

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        parameters = ["VARCHAR", "VARCHAR"]
        replace_function(connection, "bqemu_normalize", normalize, parameters, "VARCHAR")
        replace_function(
            connection, "bqemu_normalize_casefold", normalize_and_casefold, parameters, "VARCHAR"
        )

    at_engine_start(prepare)
