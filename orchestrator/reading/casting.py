"""Turns a value of a file into the value that a load job wants for a column."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orchestrator.reading.batches import BadCell

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.sources.source_schemas import Column

# Longer than any text that a CRM or a mail system hands out.
MAX_CELL_CHARACTERS: Final = 1 << 18
WHOLE_NUMBER: Final = re.compile(r"[+-]?\d{1,19}(\.0+)?")
INT64_LIMIT: Final = 1 << 63
TRUE: Final = frozenset({"true", "t", "yes", "y", "1"})
FALSE: Final = frozenset({"false", "f", "no", "n", "0"})
# Digits of a Unix time -> units a second.
EPOCH_UNITS: Final = {10: 1, 13: 1_000, 16: 1_000_000}


class CastError(ValueError):
    """The value does not fit the column."""


def caster(column: Column) -> Callable[[Any], Any]:
    """Return the function that turns a value into JSON for the column, or raises CastError."""
    convert = _array_caster(column) if column.is_array else CASTS[column.data_type]

    def cast(value: Any) -> Any:  # noqa: ANN401 - any value of any file
        if isinstance(value, BadCell):
            raise CastError(f"{column.name}: {value.reason}")
        try:
            return convert(value)
        except CastError as error:
            raise CastError(f"{column.name}: {error}") from error
        except (ValueError, OverflowError) as error:
            shown = str(value)[:80]
            raise CastError(
                f"{column.name}: '{shown}' is not a valid {column.data_type}"
            ) from error

    return cast


def text_of_any(value: Any) -> str | None:  # noqa: ANN401
    """Return any value of a file as text; raise CastError where that makes no sense."""
    if isinstance(value, BadCell):
        raise CastError(value.reason)
    if isinstance(value, float):
        if math.isnan(value):
            return None
        # Tables of numbers with gaps arrive as floats: 90210.0 is the postcode 90210.
        return str(int(value)) if value.is_integer() else repr(value)
    return _text(value)


def _plain(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, (dict, list, bool)):
        return json.dumps(value, default=str, ensure_ascii=False)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        # Tables know no days without a time: midnight without a zone is a day.
        is_day = value.tzinfo is None and value.time() == time.min
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    return str(value)


def is_sound(text: str) -> bool:
    """Say whether text can be stored: no NUL, and no half of a character."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _text(value: Any) -> str:  # noqa: ANN401
    text = value if isinstance(value, str) else _plain(value)
    if len(text) > MAX_CELL_CHARACTERS:
        raise CastError(f"{len(text):,} characters, {MAX_CELL_CHARACTERS:,} are allowed")
    text = text.replace("\0", "")
    if not is_sound(text):
        raise CastError("holds half a character (a lone surrogate)")
    return text


def _whole_number(value: Any) -> int | None:  # noqa: ANN401
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if not value.is_integer():
            raise ValueError(value)
        return _in_range(int(value))
    text = str(int(value) if isinstance(value, bool) else value).strip()
    if not text:
        return None
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValueError(text)
    return _in_range(int(text.split(".")[0]))


def _in_range(number: int) -> int:
    if not -INT64_LIMIT <= number < INT64_LIMIT:
        raise OverflowError(number)
    return number


def _number(value: Any) -> float | None:  # noqa: ANN401
    text = str(value).strip()
    if not text:
        return None
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _truth(value: Any) -> bool | None:  # noqa: ANN401
    text = str(value).strip().lower().removesuffix(".0")
    if not text:
        return None
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise ValueError(text)


def _date(value: Any) -> str | None:  # noqa: ANN401
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    if not text:
        return None
    if len(text) > len("2000-01-01"):
        return datetime.fromisoformat(_with_offset(text)).date().isoformat()
    return date.fromisoformat(text).isoformat()


def _timestamp(value: Any) -> str | None:  # noqa: ANN401
    moment = value if isinstance(value, datetime) else None
    if moment is None:
        text = str(value).strip()
        if not text:
            return None
        digits = text.split(".")[0]
        if digits.isdigit() and len(digits) in EPOCH_UNITS:
            moment = datetime.fromtimestamp(int(digits) / EPOCH_UNITS[len(digits)], UTC)
        else:
            moment = datetime.fromisoformat(_with_offset(text))
    # A time without a zone is taken for UTC, as BigQuery does.
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(sep=" ")


def _with_offset(text: str) -> str:
    return text.removesuffix(" UTC") + "+00:00" if text.endswith(" UTC") else text


def _array_caster(column: Column) -> Callable[[Any], list[Any]]:
    fields = column.struct_fields

    def texts(value: Any) -> list[Any]:  # noqa: ANN401
        items = _items(value, split=True)
        return [_text(item) for item in items if item is not None and str(item).strip()]

    def objects(value: Any) -> list[Any]:  # noqa: ANN401
        items = _items(value, split=False)
        if not all(isinstance(item, dict) for item in items):
            raise CastError("no list of objects")
        return [{name: _text_or_null(item.get(name)) for name in fields} for item in items]

    return objects if fields else texts


def _text_or_null(value: Any) -> str | None:  # noqa: ANN401
    return None if value is None else _text(value)


def _items(value: Any, *, split: bool) -> list[Any]:  # noqa: ANN401
    """Return the elements of a list, of JSON text, or of text with semicolons."""
    if isinstance(value, list):
        return value
    text = str(value).strip()
    if not text.startswith("["):
        return [part.strip() for part in text.split(";")] if split else [text]
    try:
        return list(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise CastError("no valid JSON list") from error


CASTS: Final[dict[str, Callable[[Any], Any]]] = {
    "STRING": text_of_any,
    "INT64": _whole_number,
    "FLOAT64": _number,
    "NUMERIC": _number,
    "BOOL": _truth,
    "DATE": _date,
    "TIMESTAMP": _timestamp,
}
