"""Parquet files that are damaged, or hold what no text and no calendar has."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pyarrow import parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS: Final = 50
FAR: Final = 1 << 61


def tables(folder: Path) -> Iterator[Path]:
    """Write the files and return their paths."""
    good = _written(folder, "good", _column("updated_at", pa.array(["2024-05-06"] * ROWS)))
    yield good
    for name, array in _values().items():
        for column in ("updated_at", "given_name", "emails", "nobody_reads_it", "record_id"):
            yield _written(folder, f"{name}_{column}", _column(column, array))
    yield from _damaged(folder, good.read_bytes())
    yield from _shapes(folder)


def _values() -> dict[str, pa.Array]:
    text = pa.array([b"\xff\xfe\x80"] * ROWS, pa.binary())
    offsets = text.buffers()[1:]
    return {
        "far": pa.array([FAR] * ROWS, pa.int64()).cast(pa.timestamp("us")),
        "far_s": pa.array([FAR >> 11] * ROWS, pa.int64()).cast(pa.timestamp("s")),
        "past": pa.array([-FAR] * ROWS, pa.int64()).cast(pa.timestamp("ms")),
        "ns": pa.array([1_700_000_000_123_456_789] * ROWS, pa.int64()).cast(pa.timestamp("ns")),
        "zone": pa.array([1_700_000_000] * ROWS, pa.int64()).cast(pa.timestamp("s", "Mars/Base")),
        "far_day": pa.array([2**31 - 1] * ROWS, pa.int32()).cast(pa.date32()),
        "not_utf8": pa.Array.from_buffers(pa.string(), ROWS, [None, *offsets]),
        "bytes": text,
        "nul": pa.array(["a\0b"] * ROWS),
        "nan": pa.array([float("nan"), float("inf")] * (ROWS // 2)),
        "decimal": pa.array([1] * ROWS, pa.decimal128(38, 9)),
        "lists": pa.array([["a", None, "b"]] * ROWS),
        "deep": pa.array([[[{"a": [1]}]]] * ROWS),
        "maps": pa.array([[("a", 1)]] * ROWS, pa.map_(pa.string(), pa.int64())),
        "far_list": pa.array([[2**62]] * ROWS, pa.list_(pa.int64())).cast(
            pa.list_(pa.timestamp("us"))
        ),
        "nulls": pa.nulls(ROWS),
        "words": pa.array(["a", "b"] * (ROWS // 2)).dictionary_encode(),
        "times": pa.array([1] * ROWS, pa.int64()).cast(pa.time64("ns")),
        "spans": pa.array([FAR] * ROWS, pa.int64()).cast(pa.duration("s")),
        "truth": pa.array([True, False] * (ROWS // 2)),
        "long": pa.array(["x" * 300_000] * ROWS),
    }


def _column(name: str, array: pa.Array) -> dict[str, Any]:
    ids = pa.array([str(number) for number in range(ROWS)])
    return {"record_id": ids, "given_name": pa.array(["Ines"] * ROWS), name: array}


def _written(folder: Path, name: str, columns: dict[str, Any]) -> Path:
    path = folder / f"{name}.parquet"
    parquet.write_table(pa.table(columns), path, store_schema=True)
    return path


def _damaged(folder: Path, whole: bytes) -> Iterator[Path]:
    source = random.Random(4)  # noqa: S311 - the same files every time
    for share in (0, 5, 30, 60, 95, 99):
        path = folder / f"cut_{share}.parquet"
        path.write_bytes(whole[: max(4, len(whole) * share // 100)])
        yield path
    for number in range(30):
        data = bytearray(whole)
        for _ in range(1 + number // 3):
            data[source.randrange(4, len(data) - 4)] = source.randrange(256)
        path = folder / f"flipped_{number}.parquet"
        path.write_bytes(bytes(data))
        yield path


def _shapes(folder: Path) -> Iterator[Path]:
    ids = pa.array(["1", "2"])
    yield _written(folder, "no_columns", {})
    yield _written(folder, "no_rows", {"record_id": pa.array([], pa.string())})
    path = folder / "same_names.parquet"
    parquet.write_table(pa.Table.from_arrays([ids] * 3, names=["record_id", "city", "city"]), path)
    yield path
    path = folder / "same_ids.parquet"
    parquet.write_table(pa.Table.from_arrays([ids] * 2, names=["record_id", "record_id"]), path)
    yield path
    yield _written(folder, "dots", {"record_id": ids, "given.name": ids, "a.b": ids})
    yield _written(folder, "other_case", {"Record ID": ids, "GIVENNAME": ids})
    path = folder / "named.csv"
    path.write_bytes((folder / "other_case.parquet").read_bytes())
    yield path
    path = folder / "text.parquet"
    path.write_text("record_id,city\n1,x\n", encoding="utf-8")
    yield path
