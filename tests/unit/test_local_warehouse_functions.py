"""The functions that are put into DuckDB give Google's values."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from orchestrator.local_warehouse.fixes.edit_distance import edit_distance_unicode
from orchestrator.local_warehouse.fixes.farm_fingerprint import farm_fingerprint
from orchestrator.local_warehouse.fixes.normalize import normalize, normalize_and_casefold
from orchestrator.local_warehouse.fixes.soundex import soundex
from tools.googlesql_check.engine import GoogleSql

ALPHABET = "abcdefghijklmnopqrstuvwxyzABCHWY -'.,0189éüßñøŁŻжД中🙂"


@pytest.fixture(scope="module")
def google() -> GoogleSql:
    return GoogleSql()


def _texts(count: int, longest: int) -> list[str]:
    generator = random.Random(7)  # noqa: S311 - test data
    return [
        "".join(generator.choices(ALPHABET, k=generator.randint(0, longest))) for _ in range(count)
    ]


def _evaluate(google: GoogleSql, expression: str, *columns: list[str]) -> list[object]:
    """Let Google's evaluator work out an expression of `a` (and `b`) for every row."""
    rows = ", ".join(
        "struct("
        + ", ".join(f"{cell!r} as {name}" for cell, name in zip(row, "ab", strict=False))
        + f", {number} as n)"
        for number, row in enumerate(zip(*columns, strict=True))
    )
    sql = f"select n as n, {expression} as value from unnest([{rows}]) as row order by n"
    return [row["value"] for row in google.evaluate(sql)]


def test_farm_fingerprint_of_every_length_class(google: GoogleSql) -> None:
    generator = random.Random(3)  # noqa: S311 - test data
    lengths = [*range(140), 191, 192, 193, 255, 256, 257, 1000]
    texts = ["".join(generator.choices("abcXYZ 0189@.é", k=length)) for length in lengths]
    assert farm_fingerprint(pa.array(texts)).to_pylist() == _evaluate(
        google, "farm_fingerprint(a)", texts
    )


def test_farm_fingerprint_of_slices_and_nulls() -> None:
    whole = farm_fingerprint(pa.array(["a", None, "", "b" * 70, "c"])).to_pylist()
    part = farm_fingerprint(pa.array(["x", "a", None, "", "b" * 70, "c"]).slice(1)).to_pylist()
    assert part == whole
    assert whole[1] is None
    assert farm_fingerprint(pa.array([], pa.string())).to_pylist() == []


def test_soundex_like_google(google: GoogleSql) -> None:
    names = ["Jackson", "Pfister", "Ashcraft", "Tymczak", "o'Brien", "de la Cruz", "", "éa", "Lee"]
    texts = names + _texts(300, 12)
    assert soundex(pa.array(texts)).to_pylist() == _evaluate(google, "soundex(a)", texts)


def test_soundex_keeps_nulls_and_offsets() -> None:
    assert soundex(pa.array(["x", None, "Robert", ""]).slice(1)).to_pylist() == [None, "R163", ""]
    assert soundex(pa.array([None], pa.string())).to_pylist() == [None]


def test_edit_distance_like_google(google: GoogleSql) -> None:
    left, right = _texts(200, 8), _texts(400, 8)[200:]
    found = edit_distance_unicode(pa.array(left), pa.array(right)).to_pylist()
    assert found == _evaluate(google, "edit_distance(a, b)", left, right)


def test_edit_distance_of_null_is_null() -> None:
    left, right = pa.array(["é", None, None]), pa.array([None, "e", None], pa.string())
    assert edit_distance_unicode(left, right).to_pylist() == [None, None, None]


def test_normalize_like_google(google: GoogleSql) -> None:
    texts = ["Straße", "ÉCOLE", "e\u0301", "İ", "ΣΑΣ", *_texts(200, 10)]
    forms = pa.array(["NFC"] * len(texts))
    assert normalize(pa.array(texts), forms).to_pylist() == _evaluate(google, "normalize(a)", texts)
    assert normalize_and_casefold(pa.array(texts), forms).to_pylist() == _evaluate(
        google, "normalize_and_casefold(a)", texts
    )


def test_casefold_keeps_nulls_between_other_texts() -> None:
    texts = pa.array(["É", None, "ABC", None, "ß"])
    folded = normalize_and_casefold(texts, pa.array(["NFC"] * 5)).to_pylist()
    assert folded == ["é", None, "abc", None, "ss"]
    assert normalize(pa.array(["ﬁ", None]), pa.array(["NFKC"] * 2)).to_pylist() == ["fi", None]
