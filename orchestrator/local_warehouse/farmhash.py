"""FarmHash's Fingerprint64 over whole columns: what BigQuery's FARM_FINGERPRINT returns.

The hash has one formula for each class of lengths. Each formula runs once for all values of its
class, on numpy's unsigned 64-bit integers, which wrap around as the algorithm wants.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

U64: TypeAlias = npt.NDArray[np.uint64]
Index: TypeAlias = npt.NDArray[np.int64]

_K0 = np.uint64(0xC3A5C85C97CB3127)
_K1 = np.uint64(0xB492B66FBE98F273)
_K2 = np.uint64(0x9AE16A3B2F90404F)
_LONG_SEED = 81
_BLOCK = 64


class Values:
    """The bytes of many values in one buffer, readable at any offset."""

    def __init__(self, data: npt.NDArray[np.uint8], starts: Index, lengths: Index) -> None:
        # Eight spare bytes let the last value be read in whole words.
        padded = np.concatenate([data, np.zeros(8, dtype=np.uint8)])
        self.bytes = padded
        self.words = np.ndarray((len(data) + 1,), dtype="<u8", buffer=padded.data, strides=(1,))
        self.halves = np.ndarray((len(data) + 1,), dtype="<u4", buffer=padded.data, strides=(1,))
        self.starts = starts
        self.lengths = lengths

    def take(self, rows: Index) -> Values:
        """Return some of the values; the buffer is shared."""
        part = object.__new__(Values)
        part.bytes, part.words, part.halves = self.bytes, self.words, self.halves
        part.starts, part.lengths = self.starts[rows], self.lengths[rows]
        return part

    def word(self, offset: Index | int) -> U64:
        """Return the eight bytes at an offset from each value's start."""
        words: U64 = self.words[self.starts + offset]
        return words

    def word_from_end(self, distance: int) -> U64:
        """Return the eight bytes that begin `distance` bytes before each value's end."""
        return self.word(self.lengths - distance)

    def multiplier(self) -> U64:
        return _K2 + self.lengths.astype(np.uint64) * np.uint64(2)


def fingerprints(
    data: npt.NDArray[np.uint8], starts: Index, lengths: Index
) -> npt.NDArray[np.int64]:
    """Return the fingerprint of each value, as BigQuery's signed INT64."""
    values = Values(data, starts, lengths)
    result: U64 = np.full(len(starts), _K2, dtype=np.uint64)
    formulas = (
        (1, 3, _up_to_3),
        (4, 7, _up_to_7),
        (8, 16, _up_to_16),
        (17, 32, _up_to_32),
        (33, 64, _up_to_64),
        (65, np.iinfo(np.int64).max, _longer),
    )
    for shortest, longest, formula in formulas:
        rows = np.flatnonzero((lengths >= shortest) & (lengths <= longest))
        if len(rows):
            result[rows] = formula(values.take(rows))
    return result.view(np.int64)


def _rotate(value: U64, shift: int) -> U64:
    return (value >> np.uint64(shift)) | (value << np.uint64(64 - shift))


def _mix(value: U64) -> U64:
    return value ^ (value >> np.uint64(47))


def _join(left: U64, right: U64, multiplier: U64) -> U64:
    return _mix((right ^ _mix((left ^ right) * multiplier)) * multiplier) * multiplier


def _up_to_3(values: Values) -> U64:
    first = values.bytes[values.starts].astype(np.uint64)
    middle = values.bytes[values.starts + (values.lengths >> 1)].astype(np.uint64)
    last = values.bytes[values.starts + values.lengths - 1].astype(np.uint64)
    low = first + (middle << np.uint64(8))
    high = values.lengths.astype(np.uint64) + (last << np.uint64(2))
    return _mix((low * _K2) ^ (high * _K0)) * _K2


def _up_to_7(values: Values) -> U64:
    first = values.halves[values.starts].astype(np.uint64)
    last = values.halves[values.starts + values.lengths - 4].astype(np.uint64)
    size = values.lengths.astype(np.uint64)
    return _join(size + (first << np.uint64(3)), last, values.multiplier())


def _up_to_16(values: Values) -> U64:
    multiplier = values.multiplier()
    first = values.word(0) + _K2
    last = values.word_from_end(8)
    left = _rotate(last, 37) * multiplier + first
    return _join(left, (_rotate(first, 25) + last) * multiplier, multiplier)


def _up_to_32(values: Values) -> U64:
    multiplier = values.multiplier()
    first = values.word(0) * _K1
    second = values.word(8)
    last = values.word_from_end(8) * multiplier
    left = _rotate(first + second, 43) + _rotate(last, 30) + values.word_from_end(16) * _K2
    return _join(left, first + _rotate(second + _K2, 18) + last, multiplier)


def _up_to_64(values: Values) -> U64:
    multiplier = values.multiplier()
    first = values.word(0) * _K2
    second = values.word(8)
    last = values.word_from_end(8) * multiplier
    left = _rotate(first + second, 43) + _rotate(last, 30) + values.word_from_end(16) * _K2
    right = _join(left, first + _rotate(second + _K2, 18) + last, multiplier)
    third = values.word(16) * multiplier
    fourth = values.word(24)
    fifth = (left + values.word_from_end(32)) * multiplier
    sixth = (right + values.word_from_end(24)) * multiplier
    return _join(
        _rotate(third + fourth, 43) + _rotate(fifth, 30) + sixth,
        third + _rotate(fourth + first, 18) + fifth,
        multiplier,
    )


def _longer(values: Values) -> U64:
    blocks = (values.lengths - 1) // _BLOCK
    result: U64 = np.empty(len(blocks), dtype=np.uint64)
    for count in np.unique(blocks):
        rows = np.flatnonzero(blocks == count)
        result[rows] = _same_block_count(values.take(rows), int(count))
    return result


def _same_block_count(values: Values, blocks: int) -> U64:
    state = _LongState(values)
    zeros = np.zeros(len(values.starts), dtype=np.int64)
    for block in range(blocks):
        state.absorb(values, zeros + block * _BLOCK, _K1, np.uint64(1))
    multiplier = _K1 + ((state.z & np.uint64(0xFF)) << np.uint64(1))
    w = state.w[0] + ((values.lengths - 1) & (_BLOCK - 1)).astype(np.uint64)
    v = state.v[0] + w
    state.v, state.w = (v, state.v[1]), (w + v, state.w[1])
    state.absorb(values, values.lengths - _BLOCK, multiplier, np.uint64(9))
    return _join(
        _join(state.v[0], state.w[0], multiplier) + _mix(state.y) * _K0 + state.z,
        _join(state.v[1], state.w[1], multiplier) + state.x,
        multiplier,
    )


class _LongState:
    """What the hash of values longer than one block carries from block to block."""

    def __init__(self, values: Values) -> None:
        zeros = np.zeros(len(values.starts), dtype=np.uint64)
        seed = np.array([_LONG_SEED], dtype=np.uint64)
        y = seed * _K1 + np.uint64(113)
        self.x = seed * _K2 + values.word(0)
        self.y = zeros + y
        self.z = zeros + _mix(y * _K2 + np.uint64(113)) * _K2
        self.v = (zeros, zeros)
        self.w = (zeros, zeros)

    def absorb(
        self, values: Values, offset: Index, multiplier: U64 | np.uint64, scale: np.uint64
    ) -> None:
        """Take in the 64 bytes at `offset`; the last block has its own multiplier and scale."""
        x = _rotate(self.x + self.y + self.v[0] + values.word(offset + 8), 37) * multiplier
        y = _rotate(self.y + self.v[1] + values.word(offset + 48), 42) * multiplier
        x = x ^ (self.w[1] * scale)
        y = y + self.v[0] * scale + values.word(offset + 40)
        z = _rotate(self.z + self.w[0], 33) * multiplier
        self.v = _weak(values, offset, self.v[1] * multiplier, x + self.w[0])
        self.w = _weak(values, offset + 32, z + self.w[1], y + values.word(offset + 16))
        self.x, self.y, self.z = z, y, x


def _weak(values: Values, offset: Index, a: U64, b: U64) -> tuple[U64, U64]:
    start = a + values.word(offset)
    last = values.word(offset + 24)
    turned = _rotate(b + start + last, 21)
    total = start + values.word(offset + 8) + values.word(offset + 16)
    return total + last, turned + _rotate(total, 44) + start
