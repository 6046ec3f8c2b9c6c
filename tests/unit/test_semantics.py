"""The comparison of a warehouse's rows with those of Google's evaluator."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tools.googlesql_check.catalog import CatalogColumn
from tools.googlesql_check.column_types import TypeReader
from tools.googlesql_check.dbt_nodes import DbtNode
from tools.googlesql_check.engine import GoogleSql, GoogleSqlError
from tools.googlesql_check.semantics.comparison import compare_rows
from tools.googlesql_check.semantics.evaluator import Evaluator
from tools.googlesql_check.semantics.exceptions import (
    ExceptionListError,
    ReviewedException,
    read_exceptions,
)
from tools.googlesql_check.semantics.models import ModelCheck, Options
from tools.googlesql_check.semantics.rows import Table, UnfitValueError, table_content
from tools.googlesql_check.semantics.unit_tests import unit_tests
from tools.googlesql_check.semantics.verdicts import Outcome, SemanticsReport, Verdict
from tools.googlesql_check.semantics.warehouse import QueriedWarehouse, QueryFailed, Result

if TYPE_CHECKING:
    from pathlib import Path

VALUES: dict[str, Any] = {
    "int64": -(2**63),
    "bool": False,
    "float64": -0.1,
    "string": "e\u0301\u0000ß",
    "bytes": b"\x00\xff",
    "date": dt.date(1, 1, 1),
    "timestamp": dt.datetime(1969, 12, 31, 23, 59, 59, 1, dt.UTC),
    "datetime": dt.datetime(9999, 12, 31, 23, 59, 59, 999999),  # noqa: DTZ001
    "numeric": Decimal("-123456789.123456789"),
    "array<string>": ["a", "b"],
    "array<struct<a int64, b array<date>>>": [{"a": None, "b": [dt.date(2024, 2, 29)]}],
    "struct<x string, y float64>": {"x": None, "y": math.inf},
}


@pytest.fixture(scope="module")
def google_sql() -> GoogleSql:
    return GoogleSql()


@pytest.fixture(scope="module")
def types(google_sql: GoogleSql) -> TypeReader:
    return TypeReader(google_sql)


def table(types: TypeReader, rows: list[dict[str, Any]], **columns: str) -> Table:
    return Table(
        [CatalogColumn(name, types.read(type_)) for name, type_ in columns.items()], [*rows]
    )


def test_values_of_every_type_come_back(google_sql: GoogleSql, types: TypeReader) -> None:
    columns = [CatalogColumn(f"c{n}", types.read(type_)) for n, type_ in enumerate(VALUES)]
    full = {column.name: value for column, value in zip(columns, VALUES.values(), strict=True)}
    empty: dict[str, Any] = dict.fromkeys(full)
    stored = Table(columns, [full, empty])
    result = Evaluator(google_sql, {"`p`.`d`.`t`": stored}).run("select * from `p`.`d`.`t`;")
    assert [dict(row) for row in result.rows] == [full, empty]
    assert compare_rows(columns, stored.rows, result.rows).is_equal


@pytest.mark.parametrize(("type_", "value"), [("int64", True), ("bool", 1), ("date", "2024")])
def test_value_that_the_type_cannot_have(types: TypeReader, type_: str, value: object) -> None:
    unfit = table(types, [{"x": value}], x=type_)
    with pytest.raises(UnfitValueError):
        table_content(*unfit)


def test_seed_changes_the_order_of_rows_only(google_sql: GoogleSql, types: TypeReader) -> None:
    numbers = table(types, [{"x": n} for n in range(100)], x="int64")
    results = [
        Evaluator(google_sql, {"`t`": numbers}, seed).run("select * from `t`")
        for seed in (0, 1, 1, 2)
    ]
    orders = [[row["x"] for row in result.rows] for result in results]
    assert orders[0] == list(range(100))
    assert orders[1] == orders[2]
    assert orders[1] not in (orders[0], orders[3])
    assert sorted(orders[1]) == orders[0]


def differ(types: TypeReader, google: dict[str, Any], local: dict[str, Any]) -> str:
    columns = [
        CatalogColumn("k", types.read("int64")),
        CatalogColumn("f", types.read("float64")),
        CatalogColumn("a", types.read("array<string>")),
    ]
    usual: dict[str, Any] = {"k": 1, "f": 0.5, "a": ["x"]}
    found = compare_rows(columns, [usual | google], [usual | local])
    return "equal" if found.is_equal else "near" if found.is_near else ",".join(found.columns)


def test_kinds_of_differences(types: TypeReader) -> None:
    third = 1 / 3
    assert differ(types, {}, {}) == "equal"
    assert differ(types, {"f": math.nan}, {"f": math.nan}) == "equal"
    assert differ(types, {"a": None}, {"a": []}) == "equal"
    assert differ(types, {"f": third}, {"f": math.nextafter(third, 1)}) == "near"
    assert differ(types, {"f": third}, {"f": third + 1e-6}) == "f"
    assert differ(types, {"f": math.nan}, {"f": None}) == "f"
    assert differ(types, {"k": 1}, {"k": True}) == "k"
    assert differ(types, {"a": ["x", "y"]}, {"a": ["y", "x"]}) == "a"
    assert differ(types, {"k": 2, "f": third}, {"f": math.nextafter(third, 1)}) == "k,f"


def test_rows_are_counted(types: TypeReader) -> None:
    columns = [CatalogColumn("k", types.read("int64"))]
    found = compare_rows(columns, [{"k": 1}, {"k": 1}, {"k": 2}], [{"k": 2}, {"k": 1}])
    assert (found.only_google, found.only_local) == (1, 0)


class FakeWarehouse(QueriedWarehouse):
    """Rows by the text of the query."""

    def __init__(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        self.rows = rows

    def query(self, sql: str) -> Result:
        if sql not in self.rows:
            raise QueryFailed("not there")
        return Result({"x": "INT64"}, [*self.rows[sql]])

    def table(self, quoted: str) -> Result:
        return self.query(quoted)


def node(name: str, sql: str, **config: object) -> DbtNode:
    return DbtNode(
        unique_id=f"model.p.{name}",
        kind="model",
        name=name,
        relation=("p", "d", name),
        file=f"{name}.sql",
        source_file=f"{name}.sql",
        sql=sql,
        config={"materialized": "table", **config},
        declared={"x": "int64"},
    )


def verdicts(
    google_sql: GoogleSql,
    tmp_path: Path,
    rows: dict[str, list[int]],
    *nodes: DbtNode,
    options: Options = Options(),  # noqa: B008 - it never changes
) -> dict[str, Verdict]:
    warehouse = FakeWarehouse({sql: [{"x": x} for x in found] for sql, found in rows.items()})
    check = ModelCheck(tmp_path, [*nodes], google_sql, warehouse, options)
    return {verdict.node: verdict for verdict in check.models()}


ONE_TWO = "select x from unnest([1, 2]) as x"
# The first row of whatever order they come in.
ANY = "select any_value(x) as x from `p`.`d`.`both`"
BOTH = node("both", ONE_TWO)


def test_verdicts(google_sql: GoogleSql, tmp_path: Path) -> None:
    nodes = [
        BOTH,
        node("wrong", "select 3 as x"),
        node("lost", "select 4 as x"),
        node("inline", "select 5 as x", materialized="ephemeral"),
        node("refused", "select error('no') as x"),
        node("old", "select 6 as x"),
    ]
    rows = {
        "`p`.`d`.`both`": [2, 1],
        "`p`.`d`.`wrong`": [4],
        "`p`.`d`.`refused`": [7],
        "`p`.`d`.`old`": [5],
        "select 3 as x": [4],
        "select 6 as x": [6],
    }
    found = verdicts(google_sql, tmp_path, rows, *nodes)
    assert {name: verdict.outcome for name, verdict in found.items()} == {
        "both": Outcome.EQUAL,
        "wrong": Outcome.DIFFERENT,
        "lost": Outcome.NOT_EVALUATED,
        "inline": Outcome.INLINED,
        "refused": Outcome.NOT_EVALUATED,
        "old": Outcome.EQUAL,
    }
    assert found["old"].reason == "built before the last change of its inputs"
    report = SemanticsReport([*found.values()])
    assert not report.ok
    assert {verdict.node for verdict in report.wrong} == {"wrong", "lost", "refused"}
    assert report.lines()[-1].startswith(
        "6 x model: 2 equal, 1 part of the models that read it, 1 different, 2 not evaluated"
    )


def test_model_that_depends_on_the_order_of_rows(google_sql: GoogleSql, tmp_path: Path) -> None:
    many = node("both", "select x from unnest(generate_array(1, 50)) as x")
    first = node("first", ANY)
    numbers = [*range(1, 51)]
    [taken] = google_sql.evaluate(ANY.replace("`p`.`d`.`both`", f"unnest({numbers}) as x"))
    rows = {"`p`.`d`.`both`": numbers, "`p`.`d`.`first`": [taken["x"]], ANY: [taken["x"]]}
    found = verdicts(google_sql, tmp_path, rows, many, first)
    assert found["first"].outcome is Outcome.DIFFERENT
    assert found["first"].reason.startswith("depends on the order of rows")


def test_reviewed_exceptions(google_sql: GoogleSql, tmp_path: Path) -> None:
    nodes = [node("wrong", "select 3 as x"), node("refused", "select error('no') as x")]
    rows = {"`p`.`d`.`wrong`": [4], "select 3 as x": [4], "`p`.`d`.`refused`": [7]}
    listed = {
        "wrong": ReviewedException("wrong", frozenset({"x"}), "a clock"),
        "refused": ReviewedException("refused", frozenset(), "it always fails"),
    }
    found = verdicts(google_sql, tmp_path, rows, *nodes, options=Options(exceptions=listed))
    assert {verdict.outcome for verdict in found.values()} == {Outcome.EXCEPTION}
    assert SemanticsReport([*found.values()]).ok
    other = {"wrong": ReviewedException("wrong", frozenset({"y"}), "another column")}
    found = verdicts(google_sql, tmp_path, rows, nodes[0], options=Options(exceptions=other))
    assert found["wrong"].outcome is Outcome.DIFFERENT


def test_iterated_model_is_compared_at_both_ends(google_sql: GoogleSql, tmp_path: Path) -> None:
    step = "select least(x + 1, 3) as x from `p`.`d`.`zero`"
    last = step.replace("zero", "steps")
    iterated = node("steps", step, materialized="iterated", meta={"initial": "zero"})
    nodes = [
        node("zero", "select 0 as x"),
        dataclasses.replace(iterated, depends_on=("model.p.zero",)),
    ]
    rows = {"`p`.`d`.`zero`": [0], "`p`.`d`.`steps`": [3], step: [1], last: [3]}
    assert verdicts(google_sql, tmp_path, rows, *nodes)["steps"].outcome is Outcome.EQUAL
    rows[last] = [4]
    assert verdicts(google_sql, tmp_path, rows, *nodes)["steps"].outcome is Outcome.DIFFERENT


def test_model_that_reads_too_much_is_named(google_sql: GoogleSql, tmp_path: Path) -> None:
    rows = {"`p`.`d`.`both`": [1, 2], "`p`.`d`.`first`": [1]}
    found = verdicts(
        google_sql, tmp_path, rows, BOTH, node("first", ANY), options=Options(max_rows_read=1)
    )
    assert found["first"].outcome is Outcome.NOT_EVALUATED
    assert found["first"].reason == "it reads 2 rows, more than 1"


def test_unit_tests(google_sql: GoogleSql, tmp_path: Path) -> None:
    path = "models/_m__unit_tests.yml"
    names = ("agrees", "differs", "refused", "not_run")
    tests = {
        name: {"name": name, "package_name": "p", "original_file_path": path} for name in names
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"unit_tests": tests}), encoding="utf-8")
    folder = tmp_path / "run" / "p" / path / "models"
    folder.mkdir(parents=True)
    rows = "select {} as x, 'actual' as actual_or_expected union all select 2, 'expected'"
    (folder / "agrees.sql").write_text(rows.format(2), encoding="utf-8")
    (folder / "differs.sql").write_text(rows.format(1), encoding="utf-8")
    (folder / "refused.sql").write_text(rows.format("'a'"), encoding="utf-8")
    found = {verdict.node: verdict.outcome for verdict in unit_tests(tmp_path, google_sql)}
    assert found == {
        "agrees": Outcome.EQUAL,
        "differs": Outcome.DIFFERENT,
        "refused": Outcome.NOT_EVALUATED,
        "not_run": Outcome.NOT_EVALUATED,
    }


@pytest.mark.parametrize(
    "text",
    [
        "- {model: a, columns: [x]}",
        "- {model: a, columns: [], reason: r}",
        "- {model: a, columns: x, reason: r}",
        "- {model: a, columns: [x], reason: ' '}",
        "- {model: a, columns: [x], reason: r}\n- {model: a, columns: [x], reason: r}",
    ],
)
def test_exception_list_that_says_too_little(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ExceptionListError):
        read_exceptions(tmp_path / "list.yml")


def test_query_that_the_evaluator_refuses(google_sql: GoogleSql) -> None:
    with pytest.raises(GoogleSqlError):
        Evaluator(google_sql, {}).run("select 1 from nowhere")
