"""Values of the reference evaluator as the Python values that BigQuery's client returns."""

import datetime as dt
import decimal
import json
from typing import Any

from tools.googlesql_check.protocol import Message

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Decimal digits after the point in the scaled integers of the two decimal types.
NUMERIC_SCALE = 9
BIGNUMERIC_SCALE = 38


def python_value(value: Message, type_: Message) -> Any:  # noqa: ANN401
    """One value; structs become dicts, arrays become lists, NULL becomes None."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    content = getattr(value, kind)
    if kind == "array_value":
        return [python_value(item, type_.array_type.element_type) for item in content.element]
    if kind == "struct_value":
        fields = zip(type_.struct_type.field, content.field, strict=True)
        return {field.field_name: python_value(item, field.field_type) for field, item in fields}
    convert = _CONVERTERS.get(kind)
    return convert(content) if convert else content


def _date(days: int) -> dt.date:
    return EPOCH.date() + dt.timedelta(days=days)


def _timestamp(value: Message) -> dt.datetime:
    return EPOCH + dt.timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)


def _clock(packed: int) -> tuple[int, int, int]:
    # Hour, minute and second sit in 5, 6 and 6 bits.
    return packed >> 12 & 0x1F, packed >> 6 & 0x3F, packed & 0x3F


def _time(packed: int) -> dt.time:
    seconds, nanos = packed >> 30, packed & (1 << 30) - 1
    return dt.time(*_clock(seconds), nanos // 1000)


def _datetime(value: Message) -> dt.datetime:
    packed = value.bit_field_datetime_seconds
    year, month, day = packed >> 26, packed >> 22 & 0xF, packed >> 17 & 0x1F
    # A DATETIME has no time zone.
    return dt.datetime(year, month, day, *_clock(packed), value.nanos // 1000)  # noqa: DTZ001


def _decimal(content: bytes, scale: int) -> decimal.Decimal:
    digits = decimal.Context(prec=100)
    number = int.from_bytes(content, "little", signed=True)
    return decimal.Decimal(number).scaleb(-scale, digits).normalize(digits)


_CONVERTERS: dict[str, Any] = {
    "date_value": _date,
    "timestamp_value": _timestamp,
    "time_value": _time,
    "datetime_value": _datetime,
    "numeric_value": lambda content: _decimal(content, NUMERIC_SCALE),
    "bignumeric_value": lambda content: _decimal(content, BIGNUMERIC_SCALE),
    "json_value": json.loads,
}
