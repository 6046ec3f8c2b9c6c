"""Rows as BigQuery's client returns them, as the evaluator wants them."""

import datetime as dt
import decimal
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from tools.googlesql_check.catalog import CatalogColumn
from tools.googlesql_check.protocol import Message, enum_name, service
from tools.googlesql_check.values import EPOCH, NUMERIC_SCALE

Row = Mapping[str, Any]
_SECOND = dt.timedelta(seconds=1)


class UnfitValueError(Exception):
    """A value that its column's type cannot have."""


class Table(NamedTuple):
    """The columns and rows of a relation or of a result."""

    columns: list[CatalogColumn]
    rows: list[Row]


def table_content(columns: list[CatalogColumn], rows: Iterable[Row]) -> Message:
    """The rows in the form that a catalog is registered with."""
    content = service.TableContent()
    # A table without rows is not a table without content.
    content.table_data.SetInParent()
    for row in rows:
        target = content.table_data.row.add()
        for column in columns:
            _fill(target.cell.add(), row[column.name], column.type)
    return content


def _fill(cell: Message, value: Any, type_: Message) -> None:  # noqa: ANN401
    if value is None:
        return
    kind = enum_name(type_, "type_kind")
    if kind == "TYPE_ARRAY":
        cell.array_value.SetInParent()
        for item in value:
            _fill(cell.array_value.element.add(), item, type_.array_type.element_type)
    elif kind == "TYPE_STRUCT":
        cell.struct_value.SetInParent()
        for field in type_.struct_type.field:
            _fill(cell.struct_value.field.add(), value[field.field_name], field.field_type)
    elif kind in _FILLERS:
        try:
            _FILLERS[kind](cell, value)
        except (TypeError, ValueError, AttributeError) as error:
            raise UnfitValueError(f"a {type(value).__name__} as {kind}: {error}") from error
    else:
        raise UnfitValueError(f"no way to hand over values of {kind}")


def _int64(cell: Message, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not an integer")
    cell.int64_value = value


def _bool(cell: Message, value: object) -> None:
    if not isinstance(value, bool):
        raise TypeError("not a truth value")
    cell.bool_value = value


def _double(cell: Message, value: float) -> None:
    cell.double_value = float(value)


def _string(cell: Message, value: str) -> None:
    cell.string_value = value


def _bytes(cell: Message, value: bytes) -> None:
    cell.bytes_value = value


def _date(cell: Message, value: dt.date) -> None:
    cell.date_value = (value - EPOCH.date()).days


def _timestamp(cell: Message, value: dt.datetime) -> None:
    since = value - EPOCH
    cell.timestamp_value.seconds = since // _SECOND
    cell.timestamp_value.nanos = (since % _SECOND).microseconds * 1000


def _datetime(cell: Message, value: dt.datetime) -> None:
    date = value.year << 26 | value.month << 22 | value.day << 17
    clock = value.hour << 12 | value.minute << 6 | value.second
    cell.datetime_value.bit_field_datetime_seconds = date | clock
    cell.datetime_value.nanos = value.microsecond * 1000


def _numeric(cell: Message, value: decimal.Decimal) -> None:
    number = int(decimal.Decimal(value).scaleb(NUMERIC_SCALE))
    size = max(1, (number.bit_length() + 8) // 8)
    cell.numeric_value = number.to_bytes(size, "little", signed=True)


def _json(cell: Message, value: object) -> None:
    cell.json_value = value if isinstance(value, str) else json.dumps(value)


_FILLERS: dict[str, Callable[[Message, Any], None]] = {
    "TYPE_INT64": _int64,
    "TYPE_BOOL": _bool,
    "TYPE_DOUBLE": _double,
    "TYPE_STRING": _string,
    "TYPE_BYTES": _bytes,
    "TYPE_DATE": _date,
    "TYPE_TIMESTAMP": _timestamp,
    "TYPE_DATETIME": _datetime,
    "TYPE_NUMERIC": _numeric,
    "TYPE_JSON": _json,
}
