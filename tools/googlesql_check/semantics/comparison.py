"""Whether two results are the same rows, whatever their order."""

import decimal
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from tools.googlesql_check.catalog import CatalogColumn
from tools.googlesql_check.protocol import Message, enum_name
from tools.googlesql_check.semantics.rows import Row

# Two sums of the same floats in another order differ less than this, relative to their size.
FLOAT_TOLERANCE = 1e-9
# Below this, it is the size that counts: a sum that cancels out has no digits of its own.
_SMALL = 1e-3
_SHOWN = 3


@dataclass(frozen=True)
class Difference:
    """How two results differ; neither flag means that they do not."""

    columns: tuple[str, ...] = ()
    only_google: int = 0
    only_local: int = 0
    n_float_rows: int = 0
    examples: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """The same rows."""
        return self.is_near and not self.n_float_rows

    @property
    def is_near(self) -> bool:
        """The same rows but for the last bits of floats."""
        return not self.only_google and not self.only_local


def compare_rows(
    columns: list[CatalogColumn],
    google: Iterable[Row],
    local: Iterable[Row],
    but: Collection[str] = (),
) -> Difference:
    """Compare as bags of rows, all columns but those named."""
    compared = [column for column in columns if column.name not in but]
    more, less = _without_common(compared, list(google), list(local))
    if not more and not less:
        return Difference()
    n_near, more, less = _without_near(compared, more, less)
    return Difference(
        columns=_columns_apart(compared, more, less),
        only_google=len(more),
        only_local=len(less),
        n_float_rows=n_near,
        examples=tuple(_examples(compared, more, less)),
    )


def _without_common(
    columns: list[CatalogColumn], google: list[Row], local: list[Row]
) -> tuple[list[Row], list[Row]]:
    google_keys = [_key(row, columns) for row in google]
    local_keys = [_key(row, columns) for row in local]
    return (
        _rest(google, google_keys, Counter(google_keys) - Counter(local_keys)),
        _rest(local, local_keys, Counter(local_keys) - Counter(google_keys)),
    )


def _rest(rows: list[Row], keys: list[object], wanted: Counter[object]) -> list[Row]:
    rest = []
    for row, key in zip(rows, keys, strict=True):
        if wanted[key] > 0:
            wanted[key] -= 1
            rest.append(row)
    return rest


def _without_near(
    columns: list[CatalogColumn], google: list[Row], local: list[Row]
) -> tuple[int, list[Row], list[Row]]:
    """Pair the rows that differ in floats only, and little."""
    exact = [column for column in columns if not _has_float(column.type)]
    candidates: defaultdict[object, list[Row]] = defaultdict(list)
    for row in local:
        candidates[_key(row, exact)].append(row)
    rest = []
    for row in google:
        group = candidates[_key(row, exact)]
        twin = next((other for other in group if _are_close(row, other, columns)), None)
        if twin is None:
            rest.append(row)
        else:
            # Not list.remove: it compares values, and a NaN would not be found.
            del group[next(i for i, other in enumerate(group) if other is twin)]
    left = [row for group in candidates.values() for row in group]
    return len(google) - len(rest), rest, left


def _columns_apart(
    columns: list[CatalogColumn], google: list[Row], local: list[Row]
) -> tuple[str, ...]:
    """Columns whose values, taken alone, are not the same on both sides."""
    return tuple(
        column.name
        for column in columns
        if Counter(_key(row, [column]) for row in google)
        != Counter(_key(row, [column]) for row in local)
    )


def _examples(columns: list[CatalogColumn], google: list[Row], local: list[Row]) -> Iterable[str]:
    """The first rows that differ, each beside the one that it has most in common with."""
    pool = list(local)
    for row in google[:_SHOWN]:
        if not pool:
            yield f"only Google: {dict(row)}"
            continue
        best = max(range(len(pool)), key=lambda i: _n_common(row, pool[i], columns))
        other = pool.pop(best)
        apart = {
            column.name: (row[column.name], other[column.name])
            for column in columns
            if _key(row, [column]) != _key(other, [column])
        }
        identity = {column.name: row[column.name] for column in columns[:2]}
        yield f"{identity}: (Google, local) {apart}"
    for row in pool[: _SHOWN if not google else 0]:
        yield f"only local: {dict(row)}"


def _n_common(row: Row, other: Row, columns: list[CatalogColumn]) -> int:
    return sum(_key(row, [column]) == _key(other, [column]) for column in columns)


def _key(row: Row, columns: list[CatalogColumn]) -> object:
    return tuple(_plain(_stored(row[column.name], column.type)) for column in columns)


def _stored(value: Any, type_: Message) -> Any:  # noqa: ANN401
    # BigQuery stores a null array as an empty one.
    return [] if value is None and enum_name(type_, "type_kind") == "TYPE_ARRAY" else value


def _plain(value: object) -> object:
    """A value that can be hashed, equal only to its like."""
    if isinstance(value, dict):
        return tuple((key, _plain(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, decimal.Decimal):
        return ("decimal", value.normalize())
    # 1, 1.0 and true are one key to Python.
    return (type(value).__name__, value)


def _are_close(row: Row, other: Row, columns: list[CatalogColumn]) -> bool:
    return all(
        _is_close(_stored(row[column.name], column.type), _stored(other[column.name], column.type))
        for column in columns
    )


def _is_close(one: Any, two: Any) -> bool:  # noqa: ANN401
    if isinstance(one, float) and isinstance(two, float):
        if one == two or (math.isnan(one) and math.isnan(two)):
            return True
        return abs(one - two) <= FLOAT_TOLERANCE * max(abs(one), abs(two), _SMALL)
    if isinstance(one, dict) and isinstance(two, dict):
        return list(one) == list(two) and all(_is_close(one[key], two[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(_is_close, one, two))
    return _plain(one) == _plain(two)


def _has_float(type_: Message) -> bool:
    kind = enum_name(type_, "type_kind")
    if kind == "TYPE_ARRAY":
        return _has_float(type_.array_type.element_type)
    if kind == "TYPE_STRUCT":
        return any(_has_float(field.field_type) for field in type_.struct_type.field)
    return kind == "TYPE_DOUBLE"
