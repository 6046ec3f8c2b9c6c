"""Values of files on their way into typed columns."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.reading.casting import MAX_CELL_CHARACTERS, CastError, caster
from orchestrator.sources.source_schemas import Column

STRUCTS = "ARRAY<STRUCT<type STRING, value STRING>>"


@pytest.mark.parametrize(
    ("data_type", "value", "expected"),
    [
        ("STRING", "  as found ", "  as found "),
        ("STRING", 7, "7"),
        ("STRING", 90210.0, "90210"),
        ("STRING", 1.5, "1.5"),
        ("STRING", float("nan"), None),
        ("STRING", True, "true"),
        ("STRING", {"a": "é"}, '{"a": "é"}'),
        ("STRING", Decimal("1.10"), "1.10"),
        ("STRING", date(2024, 1, 2), "2024-01-02"),
        ("INT64", " 12 ", 12),
        ("INT64", "12.0", 12),
        ("INT64", 3.0, 3),
        ("INT64", "", None),
        ("INT64", str(2**63 - 1), 2**63 - 1),
        ("FLOAT64", "1e3", 1000.0),
        ("BOOL", "Yes", True),
        ("BOOL", 0, False),
        ("BOOL", "", None),
        ("DATE", "2024-02-29", "2024-02-29"),
        ("DATE", "2024-02-29T10:00:00Z", "2024-02-29"),
        ("DATE", datetime(2024, 1, 2, 3, tzinfo=UTC), "2024-01-02"),
        ("TIMESTAMP", "2024-01-02", "2024-01-02 00:00:00+00:00"),
        ("TIMESTAMP", "2024-01-02T03:04:05.5+02:00", "2024-01-02 01:04:05.500000+00:00"),
        ("TIMESTAMP", "2024-01-02 03:04:05 UTC", "2024-01-02 03:04:05+00:00"),
        ("TIMESTAMP", 1_700_000_000, "2023-11-14 22:13:20+00:00"),
        ("TIMESTAMP", "1700000000000", "2023-11-14 22:13:20+00:00"),
        ("ARRAY<STRING>", ["a", None, " ", 1], ["a", "1"]),
        ("ARRAY<STRING>", "a; b;", ["a", "b"]),
        ("ARRAY<STRING>", '["a", "b"]', ["a", "b"]),
        (STRUCTS, [{"type": "t", "value": 1, "more": 2}], [{"type": "t", "value": "1"}]),
        (STRUCTS, '[{"type": "t"}]', [{"type": "t", "value": None}]),
    ],
)
def test_values_that_fit(data_type: str, value: object, expected: object) -> None:
    assert caster(Column("c", data_type))(value) == expected


@pytest.mark.parametrize(
    ("data_type", "value", "told"),
    [
        ("INT64", "1.5", "c: '1.5' is not a valid INT64"),
        ("INT64", str(2**63), "is not a valid INT64"),
        ("INT64", "0x10", "is not a valid INT64"),
        ("FLOAT64", "inf", "is not a valid FLOAT64"),
        ("BOOL", "perhaps", "c: 'perhaps' is not a valid BOOL"),
        ("DATE", "31.12.1999", "is not a valid DATE"),
        ("DATE", "2023-02-29", "is not a valid DATE"),
        ("TIMESTAMP", "yesterday", "is not a valid TIMESTAMP"),
        ("STRING", "x" * (MAX_CELL_CHARACTERS + 1), "characters"),
        ("STRING", "\ud800", "half a character"),
        ("ARRAY<STRING>", "[broken", "c: no valid JSON list"),
        (STRUCTS, "free text", "c: no list of objects"),
    ],
)
def test_values_that_do_not_fit(data_type: str, value: object, told: str) -> None:
    with pytest.raises(CastError, match=told):
        caster(Column("c", data_type))(value)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text())))
def test_any_value_becomes_json_or_is_refused(value: object) -> None:
    for data_type in ("STRING", "INT64", "FLOAT64", "BOOL", "DATE", "TIMESTAMP", "ARRAY<STRING>"):
        convert = caster(Column("c", data_type))
        try:
            converted = convert(value)
        except CastError:
            continue
        assert json.loads(json.dumps(converted, allow_nan=False)) == converted
