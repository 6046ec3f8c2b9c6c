"""Tables of which one entity, or one pair, has many rows: kept as one row with a JSON list.

A table `x` that is packed lies in `x_packed`: one row per key and batch, with the rows as lists of
their values. The view `x` has the rows again, one by one; asked by the key it reads one list.
Rows, indexes and calls are what SQLite takes its time for: that is a tenth of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.serving.kept import json_lists, json_texts, kept_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    from orchestrator.serving.contents import ServedTable

# Rows whose keys are brought together, however small the batches of the warehouse are.
GATHERED_ROWS: Final = 50_000


def packed_schema(table: ServedTable, affinities: Mapping[str, str]) -> Iterator[str]:
    """Yield the statements that make the table and the view of a packed table."""
    keys = ", ".join(f"{name} {affinities[name]}" for name in table.packed_by)
    yield f"create table {table.name}_packed ({keys}, listed text)"
    inside = [name for name in affinities if name not in table.packed_by]
    columns = []
    for name, affinity in affinities.items():
        value = name
        if name in inside:
            value = f"json_extract(one.value, '$[{inside.index(name)}]')"
            # JSON does not tell 2.0 from 2.
            value = f"cast({value} as real)" if affinity == "real" else value
        columns.append(f"{value} as {name}")
    yield (
        f"create view {table.name} as select {', '.join(columns)}"
        f" from {table.name}_packed as packed, json_each(packed.listed) as one"
    )


def gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the same rows in batches that are worth packing."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= GATHERED_ROWS:
            yield pa.concat_batches(waiting)
            waiting = []
    if waiting:
        yield pa.concat_batches(waiting)


def packed_rows(columns: Mapping[str, pa.Array], keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield one row per key of a batch: the key, and its rows in the order in which they came."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = _codes([columns[name] for name in keys])
    if not len(codes):
        return
    is_apart = bool(np.any(np.diff(codes) < 0))
    order = np.argsort(codes, kind="stable") if is_apart else np.arange(len(codes))
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    cells = [json_texts(column) for name, column in columns.items() if name not in keys]
    rows = pc.binary_join_element_wise("[", pc.binary_join_element_wise(*cells, ","), "]", "")
    rows = rows.take(pa.array(order)) if is_apart else rows
    bounds = pa.array(np.append(starts, len(codes)), pa.int32())
    firsts = pa.array(order[starts])
    yield from zip(
        *(kept_values(columns[name].take(firsts)) for name in keys),
        kept_values(json_lists(rows, bounds)),
        strict=True,
    )


def _codes(keys: Sequence[pa.Array]) -> np.ndarray:
    """Return a number for each row, the same for equal keys; new keys have ever higher ones."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = np.zeros(len(keys[0]), np.int64)
    for key in keys:
        encoded = key.dictionary_encode()
        own = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy()
        codes = codes * (len(encoded.dictionary) + 1) + own
    numbers: np.ndarray = pa.array(codes).dictionary_encode().indices.to_numpy()
    return numbers
