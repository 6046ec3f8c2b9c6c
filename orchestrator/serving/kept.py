"""Columns of Arrow as SQLite keeps them: texts and numbers. Nothing here makes a Python object per
value, but for lists of structs: there are hundreds of millions of values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa
    from google.cloud.bigquery import SchemaField

TIMES: Final = ("TIMESTAMP", "DATETIME")
DECIMALS: Final = ("NUMERIC", "BIGNUMERIC")
NESTED: Final = ("RECORD", "STRUCT")
AS_JSON: Final = json.JSONEncoder(default=str, ensure_ascii=False, separators=(",", ":")).encode
# What JSON wants escaped; SQLite ends a text at a zero, so that one is shown as a stand-in.
SIGNS: Final = {
    "\\": "\\\\",
    '"': '\\"',
    "\0": "\ufffd",
    **{chr(number): f"\\u{number:04x}" for number in range(1, 32)},
}
ANY_SIGN: Final = r'["\\\x00-\x1f]'


def kept_column(column: pa.Array, field: SchemaField) -> pa.Array:
    """Return a column as texts or numbers: times in ISO 8601, lists and structs as JSON."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if field.mode == "REPEATED" or field.field_type in NESTED:
        return _nested(column)
    if field.field_type in TIMES:
        # A tenth of the time that strftime takes, which looks each of them up in a calendar.
        # A cast to seconds alone would round towards 1970.
        whole = pc.floor_temporal(pc.cast(column, pa.timestamp(column.type.unit)), unit="second")
        seconds = pc.cast(pc.cast(whole, pa.timestamp("s")), pa.string())
        return pc.binary_join_element_wise(pc.replace_substring(seconds, " ", "T"), "Z", "")
    if field.field_type == "DATE":
        return pc.cast(column, pa.string())
    if field.field_type in DECIMALS:
        return pc.cast(column, pa.float64())
    return column


def kept_values(column: pa.Array) -> list[Any]:
    """Return the values of such a column for SQLite."""
    import pyarrow as pa

    # By way of NumPy it is quicker; numbers with gaps would turn into floats there.
    is_plain = pa.types.is_string(column.type) or (
        pa.types.is_primitive(column.type) and not column.null_count
    )
    values: list[Any] = (
        column.to_numpy(zero_copy_only=False).tolist() if is_plain else column.to_pylist()
    )
    return values


def json_texts(column: pa.Array) -> pa.Array:
    """Return each value as JSON; `null` where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_finite(column), column, None)
    texts = pc.cast(column, pa.string())
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        texts = pc.binary_join_element_wise('"', _escaped(texts), '"', "")
    return pc.coalesce(texts, "null")


def json_lists(texts: pa.Array, offsets: pa.Array) -> pa.Array:
    """Return JSON lists of JSON texts; `offsets` says where each list begins, and the last ends."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = pc.binary_join(pa.ListArray.from_arrays(offsets, texts), ",")
    return pc.binary_join_element_wise("[", lists, "]", "")


def _nested(column: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type):
        lists = json_lists(json_texts(column.values), column.offsets)
        return pc.if_else(column.is_valid(), lists, None)
    values = column.to_pylist()
    return pa.array([None if one is None else AS_JSON(one) for one in values], pa.string())


def _escaped(texts: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring_regex(texts, ANY_SIGN)).as_py():
        return texts
    for sign, written in SIGNS.items():
        texts = pc.replace_substring(texts, sign, written)
    return texts
