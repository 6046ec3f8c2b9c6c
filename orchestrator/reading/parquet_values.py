"""Turns a column of Parquet into Python values; one that Python does not have is a BadCell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from orchestrator.reading.batches import BadCell

if TYPE_CHECKING:
    from collections.abc import Callable

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - the zone is added where the column has one
UNITS: Final = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
BEYOND: Final = "lies outside the years 1 to 9999"
NOT_UTF8: Final = "is no text in UTF-8"
UNREADABLE: Final = "cannot be read"


def values_of(column: pa.Array) -> list[Any]:
    """Return the values, one per row."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column.validate(full=True)
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _converted(column, pa.int64(), _moment(kind))
    if pa.types.is_date(kind):
        days = column.cast(pa.date32(), safe=False)
        return _converted(days, pa.int32(), _day)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(column)
    try:
        column.validate(full=True)
        values: list[Any] = column.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError):
        return [_value(scalar) for scalar in column]
    return values


def _texts(column: pa.Array) -> list[Any]:
    # Offsets are checked before anything is read through them.
    column.validate()
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        large = pa.types.is_large_string(column.type)
        data = column.cast(pa.large_binary() if large else pa.binary())
        return [_text(value) for value in data.to_pylist()]
    return values


def _text(value: bytes | None) -> str | BadCell | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return BadCell(NOT_UTF8)


def _converted(column: pa.Array, raw: pa.DataType, convert: Callable[[int], Any]) -> list[Any]:
    numbers = column.cast(raw, safe=False).to_pylist()
    return [None if number is None else _safely(convert, number) for number in numbers]


def _safely(convert: Callable[[int], Any], number: int) -> Any:  # noqa: ANN401
    try:
        return convert(number)
    except (OverflowError, ValueError):
        return BadCell(BEYOND)


def _moment(kind: pa.TimestampType) -> Callable[[int], datetime]:
    # The numbers are in UTC whatever the zone is called: no name of a zone is looked up.
    units = UNITS[kind.unit]
    epoch = EPOCH.replace(tzinfo=UTC) if kind.tz is not None else EPOCH

    def moment(number: int) -> datetime:
        seconds, rest = divmod(number, units)
        return epoch + timedelta(seconds=seconds, microseconds=rest * 1_000_000 // units)

    return moment


def _day(number: int) -> date:
    return EPOCH.date() + timedelta(days=number)


def _value(scalar: pa.Scalar) -> Any:  # noqa: ANN401
    try:
        return scalar.as_py()
    except (pa.ArrowException, ValueError, OverflowError):
        return BadCell(UNREADABLE)
