"""The repairs that change a statement's text or tree."""

from __future__ import annotations

import pyarrow as pa
import pytest
import sqlglot

from orchestrator.local_warehouse.fixes import (
    array_offset,
    current_datetime,
    edit_distance,
    full_union,
    json_text,
    letter_case,
    timestamp_diff,
)
from orchestrator.local_warehouse.fixes.array_agg import filter_nulls
from orchestrator.local_warehouse.fixes.grants import accept
from orchestrator.local_warehouse.fixes.job_results import BYTES_BESIDE_ROWS, RecentResults
from orchestrator.local_warehouse.fixes.scripts import set_one_variable
from orchestrator.local_warehouse.fixes.syntax_trees import TreeRepair, repair
from orchestrator.local_warehouse.fixes.table_types import bigquery_type


@pytest.mark.parametrize(
    ("tree_repair", "sql", "expected"),
    [
        (
            array_offset.REPAIR,
            "select a[offset(i)]",
            "SELECT list_extract(a, CAST(i AS INT64) + 1)",
        ),
        (array_offset.REPAIR, "select a[safe_offset(0)]", "SELECT list_extract(a, 1)"),
        (
            array_offset.REPAIR,
            "select a[safe_ordinal(i)]",
            "SELECT list_extract(a, GREATEST(CAST(i AS INT64), 0))",
        ),
        (array_offset.REPAIR, "select j['offset']", "select j['offset']"),
        (letter_case.REPAIR, "select lower(a)", "SELECT concord_lower(a)"),
        (
            json_text.REPAIR,
            "select to_json_string(a)",
            "SELECT concord_json_text(TO_JSON_STRING(a))",
        ),
        (json_text.REPAIR, "select to_json(a)", "select to_json(a)"),
        (
            timestamp_diff.REPAIR,
            "select timestamp_diff(a, b, hour)",
            "SELECT DIV((UNIX_MICROS(a) - UNIX_MICROS(b)), 3600000000)",
        ),
        (
            timestamp_diff.REPAIR,
            "select timestamp_diff(a, b, microsecond)",
            "select timestamp_diff(a, b, microsecond)",
        ),
        (
            current_datetime.REPAIR,
            "select current_datetime()",
            "SELECT CAST(CURRENT_TIMESTAMP() AS DATETIME)",
        ),
        (
            full_union.REPAIR,
            "select a from t full union all by name select 1 as b full union all by name select c",
            "SELECT a FROM t UNION ALL BY NAME SELECT 1 AS b UNION ALL BY NAME SELECT c",
        ),
        (
            full_union.REPAIR,
            "select 1 as a left union all by name select 2 as a -- full union",
            "select 1 as a left union all by name select 2 as a -- full union",
        ),
        (
            edit_distance.REPAIR,
            "select edit_distance(a, edit_distance(b, c))",
            "SELECT concord_edit_distance(a, concord_edit_distance(b, c))",
        ),
        (
            edit_distance.REPAIR,
            "select edit_distance(a, b, max_distance => 3)",
            "SELECT concord_capped_edit_distance(a, b, 3)",
        ),
    ],
)
def test_tree_repair(tree_repair: TreeRepair, sql: str, expected: str) -> None:
    assert repair(sql, (tree_repair,)) == expected


def test_statement_that_cannot_be_parsed_is_left_to_the_translator() -> None:
    sql = "select edit_distance(((a, b"
    assert repair(sql, (edit_distance.REPAIR,)) == sql


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("array_agg(distinct x ignore nulls)", "ARRAY_AGG(DISTINCT x) FILTER(WHERE NOT x IS NULL)"),
        (
            "array_agg(x ignore nulls order by y limit 2)",
            "ARRAY_SLICE(ARRAY_AGG(x ORDER BY y) FILTER(WHERE NOT x IS NULL), 1, 2)",
        ),
    ],
)
def test_nulls_are_filtered_before_the_limit(aggregate: str, expected: str) -> None:
    tree = sqlglot.parse_one(f"select {aggregate} from t", read="bigquery")
    assert filter_nulls(tree)
    assert tree.expressions[0].sql(dialect="bigquery") == expected


@pytest.mark.parametrize(
    ("duckdb_type", "expected"),
    [
        ("HUGEINT", "BIGINT"),
        ("UTINYINT", "BIGINT"),
        ("FLOAT", "DOUBLE"),
        ("BIGINT", "BIGINT"),
        ("VARCHAR", "VARCHAR"),
        ("DECIMAL(38,9)", "DECIMAL(38,9)"),
        (
            'STRUCT(a HUGEINT, "integer" VARCHAR, b STRUCT(c INTEGER)[])[]',
            'STRUCT(a BIGINT, "integer" VARCHAR, b STRUCT(c BIGINT)[])[]',
        ),
    ],
)
def test_numbers_get_bigquery_width(duckdb_type: str, expected: str) -> None:
    assert bigquery_type(duckdb_type) == expected


@pytest.mark.parametrize(
    "sql", ["grant `r` on table t to 'user:a'", "-- why\n/* so */ REVOKE `r` on table t from 'b'"]
)
def test_privileges_are_not_executed(sql: str) -> None:
    assert accept(sql) == "select 1 as done"


def test_a_query_about_grants_is_not_a_grant() -> None:
    assert accept("select grant from t") == "select grant from t"
    assert "where one = 0" in accept("select * from `p`.`d`.INFORMATION_SCHEMA.OBJECT_PRIVILEGES")


def test_one_variable_of_a_struct_becomes_a_plain_assignment() -> None:
    script = "declare a int64; SET (a) = (\n select AS struct max(x) from t); select a"
    assert set_one_variable(script) == "declare a int64; set a = (select max(x) from t); select a"
    several = "set (a, b) = (select as struct 1, 2)"
    assert set_one_variable(several) == several


def test_old_results_make_room_and_the_newest_stays() -> None:
    rows = pa.table({"x": pa.array(range(100), pa.int64())})
    results = RecentResults(limit=2 * (rows.nbytes + BYTES_BESIDE_ROWS))
    for name in ("one", "two", "three"):
        results[name] = rows
    assert [*results] == ["two", "three"]
    results["three"] = rows
    assert [*results] == ["two", "three"]
    results["large"] = pa.concat_tables([rows] * 2000)
    assert [*results] == ["large"]
    results.pop("large")
    results.pop("unknown", None)
    for number in range(10):
        results[f"after {number}"] = rows
    assert [*results] == ["after 8", "after 9"]


def test_a_result_costs_the_same_however_many_are_kept() -> None:
    class Rows:
        """Counts how often somebody looks at it."""

        looks = 0

        @property
        def nbytes(self) -> int:
            Rows.looks += 1
            return 1

    def looks_for(kept: int) -> int:
        results = RecentResults(limit=10**9)
        for number in range(kept):
            results[str(number)] = Rows()
        before = Rows.looks
        results["one more"] = Rows()
        return Rows.looks - before

    assert looks_for(1000) == looks_for(10)


def test_a_view_of_the_catalog_is_left_as_it_is() -> None:
    sql = "select lower(table_name) from `p`.`d`.INFORMATION_SCHEMA.COLUMNS"
    assert repair(sql, (letter_case.REPAIR,)) == sql
