"""Reading, copying and naming statements sooner, and as before."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
import sqlglot
from bqemulator.jobs import executor
from bqemulator.scripting.ast import SqlStmt
from bqemulator.sql import translator
from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.dialects.dialect import Dialect
from sqlglot.expressions import core

from orchestrator.local_warehouse.fixes import (
    implicit_unnests,
    parsing,
    quick_copies,
    statement_kinds,
)
from orchestrator.local_warehouse.fixes.translations import Translations

if TYPE_CHECKING:
    from collections.abc import Callable

IMPLICIT = (
    "select 1 from t, t.items",
    "select i.a from `p.d.t` as T, t.items as i",
    "select 1 from t cross join t.items as i left join i.parts on true",
    "select 1 from (select items from u, u.items) as t, t.items, d.other",
    "with t as (select items from d.u) select (select max(x) from t, t.items as x) from t",
    "insert into d.t select i from d.s as s, s.items as i",
)
EXPLICIT = (
    "select 1 from d.t, d.u",
    "select 1 from t join d.u on t.a = u.a",
    "select 1 from d.t as t, unnest(t.items) as i",
)


@pytest.fixture
def read_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apply the repair of implicit unnests for one test."""
    for name in ("parse", "parse_into"):
        monkeypatch.setattr(Dialect, name, getattr(Dialect, name))
    monkeypatch.setattr(BigQuery.parser_class, "SUPPORTS_IMPLICIT_UNNEST", True)
    implicit_unnests.apply()


@pytest.mark.parametrize("sql", [*IMPLICIT, *EXPLICIT])
def test_what_is_unnested_silently_is_found_as_before(
    sql: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    before = sqlglot.parse_one(sql, read="bigquery")
    request.getfixturevalue("read_later")
    after = sqlglot.parse_one(sql, read="bigquery")
    assert after == before
    assert after.sql("duckdb") == before.sql("duckdb")
    if sql in IMPLICIT:
        # Without the look afterwards it would be another statement.
        monkeypatch.setattr(implicit_unnests, "explicit", lambda _dialect, tree: tree)
        assert sqlglot.parse_one(sql, read="bigquery") != before


@pytest.mark.usefixtures("read_later")
def test_other_dialects_are_left_alone() -> None:
    tree = sqlglot.parse_one("select 1 from t, t.items", read="duckdb")
    assert isinstance(tree.args["joins"][0].this, exp.Table)


def test_a_copy_is_whole_and_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "/* first */ select a.b.c.d, cast(x as int64) -- last\nfrom `p.d.t` as a"
    tree = sqlglot.parse_one(text, read="bigquery")
    stock = deepcopy(tree)
    monkeypatch.setattr(core, "deepcopy", quick_copies.quick_copy)
    copied = tree.copy()
    assert repr(copied) == repr(stock) == repr(tree)
    assert [node.comments for node in copied.walk()] == [node.comments for node in stock.walk()]
    assert [node._meta for node in copied.walk()] == [node._meta for node in stock.walk()]
    for node in copied.walk():
        node.meta["changed"] = True
        node.add_comments(["changed"])
    assert "changed" not in repr(tree.meta) + tree.sql("bigquery")


def test_other_values_are_copied_as_python_does() -> None:
    nested = {"a": [1, {"b": 2}]}
    copied = quick_copies.quick_copy(nested)
    assert copied == nested
    nested["a"].append(3)
    assert copied == {"a": [1, {"b": 2}]}
    assert quick_copies.quick_copy((1, [2])) == (1, [2])


@pytest.fixture
def read_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Apply the repair of kinds for one test, and list the texts that are looked at."""
    texts: list[str] = []

    def noted(name: str, stock: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object) -> object:
            texts.append(name)
            return stock(*arguments)

        return step

    async def capture(*_: object) -> None:
        texts.append("capture")

    for name in ("_parse_script_or_raise", "classify_statement_type", "_classify_parsed_tree"):
        monkeypatch.setattr(executor, name, noted(name, getattr(executor, name)))
    monkeypatch.setattr(executor, "_reject_dml_on_immutable", noted("reject", lambda *_: None))
    monkeypatch.setattr(executor, "_capture_dml_snapshots", capture)
    statement_kinds.apply(Translations(None))
    return texts


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("select 1", "SELECT"),
        ("select 1 union all select 2", "SELECT"),
        ("(select 1)", "SELECT"),
        ("with a as (select 1 as b) select b from a", "SELECT"),
        ("delete from d.t where true", "DELETE"),
        ("create or replace table d.t as select 1 as a", "CREATE_TABLE_AS_SELECT"),
        ("this is no statement at all", ""),
    ],
)
def test_a_kind_is_found_once(sql: str, kind: str, read_texts: list[str]) -> None:
    assert executor.classify_statement_type(sql) == kind
    read_texts.clear()
    assert executor.classify_statement_type(sql) == kind
    assert read_texts == []


def test_one_statement_is_known_again_and_a_script_is_read_again(read_texts: list[str]) -> None:
    script = executor._parse_script_or_raise("select 1")
    assert executor._parse_script_or_raise("select 1").statements == (SqlStmt(sql="select 1"),)
    assert [type(one) for one in script.statements] == [SqlStmt]
    assert len(read_texts) == 1
    for _ in range(2):
        assert len(executor._parse_script_or_raise("select 1; select 2").statements) == 2
    assert len(read_texts) == 3


@pytest.mark.parametrize(("sql", "n_looks"), [("select 1", 0), ("delete from d.t where true", 2)])
def test_only_what_may_change_a_table_is_looked_at(
    sql: str, n_looks: int, read_texts: list[str]
) -> None:
    executor.classify_statement_type(sql)
    read_texts.clear()
    executor._reject_dml_on_immutable("p", sql, None)
    asyncio.run(executor._capture_dml_snapshots("p", sql, None))
    assert len(read_texts) == n_looks


def test_a_statement_of_unknown_kind_is_looked_at(read_texts: list[str]) -> None:
    executor._reject_dml_on_immutable("p", "select 1", None)
    assert read_texts == ["reject"]


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("rewrite_division_by_zero", "/* a/b */ select 1 / x from d.t"),
        ("rewrite_create_table_schema_ctas", "create table d.t (a int64) as select 1 as a"),
    ],
)
def test_a_rewriter_sees_what_it_is_for(name: str, sql: str) -> None:
    stock = getattr(translator, name)
    seen: list[str] = []

    def rewrite(text: str) -> str:
        seen.append(text)
        return str(stock(text))

    only = parsing._only_where(rewrite, parsing._REWRITERS[name])
    assert only(sql) == stock(sql) != sql
    plain = "/* a/b */ select 1 from d.t"
    assert only(plain) == stock(plain) == plain
    assert only("no / statement at all") == "no / statement at all"
    assert seen == [sql, "no / statement at all"]
