"""SOUNDEX returns BigQuery's code, and quickly.

Stock: the classic rules (a vowel ends a run of equal codes, the first letter is capitalised).
BigQuery: a vowel ends no run, and the first letter keeps its case. Jackson is J500, not J250.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestrator.local_warehouse.fixes.functions import (
    at_engine_start,
    one_array,
    replace_function,
    text_layout,
)

if TYPE_CHECKING:
    import duckdb

_LENGTH = 4
_GROUPS = ("bfpv", "cgjkqsxz", "dt", "l", "mn", "r")


def _code_table() -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Map each byte to its digit, as a character; 0 for what has none."""
    table = np.zeros(256, dtype=np.uint8)
    for digit, letters in enumerate(_GROUPS, start=1):
        for letter in letters + letters.upper():
            table[ord(letter)] = ord(str(digit))
    return table


_CODES = _code_table()
_IS_LETTER = np.array([chr(byte).isalpha() and byte < 128 for byte in range(256)])


def soundex(column: pa.Array) -> pa.Array:
    """Return the code of each text, null for null; a text without a Latin letter has none."""
    texts = one_array(column)
    data, starts, lengths = text_layout(texts)
    codes = np.zeros((len(texts), _LENGTH), dtype=np.uint8)
    position = np.arange(starts[0], starts[0] + lengths.sum()) if len(texts) else starts
    row = np.repeat(np.arange(len(texts)), lengths)
    is_letter = _IS_LETTER[data[position]]
    position, row = position[is_letter], row[is_letter]

    is_first = np.diff(row, prepend=-1) != 0
    codes[row[is_first]] = ord("0")
    codes[row[is_first], 0] = data[position[is_first]]

    digit = _CODES[data[position]]
    has_digit = digit > 0
    digit, row, is_first = digit[has_digit], row[has_digit], is_first[has_digit]
    repeats = (np.diff(row, prepend=-1) == 0) & (np.diff(digit.astype(np.int16), prepend=0) == 0)
    # The first letter stands for itself, but it does swallow its own digit's repeats.
    kept = ~repeats & ~is_first
    digit, row = digit[kept], row[kept]
    place = np.arange(len(row)) - np.searchsorted(row, row) + 1
    fits = place < _LENGTH
    codes[row[fits], place[fits]] = digit[fits]

    found = pa.array(codes.view(f"S{_LENGTH}").ravel(), pa.binary())
    return pc.if_else(texts.is_valid(), found.cast(pa.string()), pa.scalar(None, pa.string()))


def apply() -> None:
    """Replace the function that bqemulator calls for SOUNDEX."""

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        replace_function(connection, "bqemu_soundex", soundex, ["VARCHAR"], "VARCHAR")

    at_engine_start(prepare)
