"""Rows that are packed come back as they were, and are found by their key."""

from __future__ import annotations

import math
import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

import pyarrow as pa
import pytest
from google.cloud.bigquery import SchemaField

from orchestrator.bigquery.connect import Connection
from orchestrator.serving.contents import ServedTable
from orchestrator.serving.kept import json_texts, kept_column, kept_values
from orchestrator.serving.packed import GATHERED_ROWS, gathered, packed_rows, packed_schema
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

PAIRS: Final = ServedTable("pairs", packed_by=("l", "r"))
AFFINITIES: Final = {
    "entity": "text",
    "l": "text",
    "r": "text",
    "step": "integer",
    "weight": "real",
    "is_sure": "integer",
}
ROWS: Final = (
    ("person", "a", "b", 0, -16.4, True),
    ("person", "a", "c", 0, 2.0, False),
    ('a "quoted" \\ back', "a", "b", 1, 0.1 + 0.2, None),
    ("line\nand\ttab\x1f", "b", None, None, None, None),
    (None, "b\nc", "", 3, 1e300, True),
    ("Müller 李 🙂", "b", "c\n", 3, math.inf, True),
    ("", "a", "c", 1, math.nan, True),
)


def batch(*rows: tuple[Any, ...]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    kinds = (*[pa.string()] * 3, pa.int64(), pa.float64(), pa.bool_())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=list(AFFINITIES))


def packed_file(*batches: pa.RecordBatch) -> sqlite3.Connection:
    file = sqlite3.connect(":memory:")
    for statement in packed_schema(PAIRS, AFFINITIES):
        file.execute(statement)
    for one in batches:
        columns = {name: one.column(name) for name in AFFINITIES}
        file.executemany(
            "insert into pairs_packed values (?, ?, ?)", packed_rows(columns, ("l", "r"))
        )
    file.execute("create index pairs_packed_0 on pairs_packed (l, r)")
    return file


def test_every_row_comes_back() -> None:
    file = packed_file(batch(*ROWS))
    found = file.execute("select * from pairs").fetchall()
    # As SQLite has numbers that are none.
    known = [tuple(None if v in (math.inf,) or v != v else v for v in row) for row in ROWS]
    assert sorted(found, key=str) == sorted(known, key=str)
    assert {type(row[4]) for row in found} == {float, type(None)}
    assert len(file.execute("select * from pairs_packed").fetchall()) == 5


def test_rows_of_a_key_keep_their_order_and_may_come_in_several_batches() -> None:
    file = packed_file(batch(*ROWS[:2]), batch(*ROWS[2:]), batch(*ROWS[:1]))
    steps = file.execute("select step from pairs where l = 'a' and r = 'b'").fetchall()
    assert steps == [(0,), (1,), (0,)]
    page = "select step from pairs where l = ? and r = ? order by step desc limit 1 offset 1"
    assert file.execute(page, ("a", "c")).fetchall() == [(0,)]
    assert file.execute("select count(*) from pairs where is_sure").fetchone() == (5,)


def test_a_key_is_looked_up_and_nothing_else_is_read() -> None:
    file = packed_file(batch(*ROWS))
    plan = "explain query plan select * from pairs where l = ? and r = ? order by step"
    told = " / ".join(row[3] for row in file.execute(plan, ("a", "b")))
    assert "SEARCH packed USING INDEX pairs_packed_0 (l=? AND r=?)" in told
    assert "SCAN packed" not in told


def test_an_empty_batch_is_nothing() -> None:
    assert packed_file(batch(*ROWS).slice(0, 0)).execute("select * from pairs").fetchall() == []


def test_small_batches_are_brought_together() -> None:
    numbers = pa.RecordBatch.from_arrays([pa.array(range(20_000))], names=["number"])
    sizes = [one.num_rows for one in gathered([numbers] * 7)]
    assert sizes == [60_000, 60_000, 20_000]
    assert min(sizes[:-1]) >= GATHERED_ROWS
    assert list(gathered([])) == []


@pytest.mark.parametrize(
    ("values", "arrow", "field", "kept"),
    [
        (
            [datetime(2026, 11, 30, 2, 15, 9, 999_999, UTC), datetime(1, 1, 1, tzinfo=UTC), None],
            pa.timestamp("us", tz="UTC"),
            SchemaField("x", "TIMESTAMP"),
            ["2026-11-30T02:15:09Z", "0001-01-01T00:00:00Z", None],
        ),
        (
            [datetime(1969, 12, 31, 23, 59, 59, 500_000, UTC), None],
            pa.timestamp("us"),
            SchemaField("x", "DATETIME"),
            ["1969-12-31T23:59:59Z", None],
        ),
        ([date(1969, 2, 3), None], pa.date32(), SchemaField("x", "DATE"), ["1969-02-03", None]),
        ([Decimal("1.5"), None], pa.decimal128(38, 9), SchemaField("x", "NUMERIC"), [1.5, None]),
        ([1, None], pa.int64(), SchemaField("x", "INTEGER"), [1, None]),
        (
            [['a"b', "ü"], [], None, ["c"]],
            pa.list_(pa.string()),
            SchemaField("x", "STRING", mode="REPEATED"),
            ['["a\\"b","ü"]', "[]", None, '["c"]'],
        ),
        (
            [[{"n": 1}], None],
            pa.list_(pa.struct([("n", pa.int64())])),
            SchemaField("x", "RECORD", mode="REPEATED"),
            ['[{"n":1}]', None],
        ),
    ],
)
def test_columns_are_kept_as_texts_and_numbers(
    values: list[Any], arrow: pa.DataType, field: SchemaField, kept: list[Any]
) -> None:
    assert kept_values(kept_column(pa.array(values, arrow), field)) == kept
    assert kept_values(kept_column(pa.array(values, arrow).slice(1), field)) == kept[1:]


def test_a_zero_sign_ends_no_text() -> None:
    (text,) = json_texts(pa.array(["a\0b"])).to_pylist()
    assert sqlite3.connect(":memory:").execute(
        "select json_extract(?, '$')", (text,)
    ).fetchone() == ("a\ufffdb",)


@pytest.mark.parametrize("kind", ["TABLE", "VIEW"])
def test_a_view_is_asked_for_its_rows(kind: str) -> None:
    class Client:
        """Lists the rows of tables only, as BigQuery does."""

        def get_table(self, table_id: str) -> Client:
            self.table_type = kind
            return self

        def list_rows(self, table: Client) -> Client:
            assert table.table_type == "TABLE"
            return self

        def query(self, sql: str, **options: object) -> Client:
            assert (kind, sql) == ("VIEW", "select * from `p.d.t`")
            return self

        def result(self, **options: object) -> Client:
            return self

        def to_arrow_iterable(self, **options: object) -> Iterator[str]:
            yield "a batch"

    connection = Connection(Settings(target="local"), cast("Any", Client()))
    assert list(connection.record_batches("p.d.t")) == ["a batch"]
