"""What is done once and remembered: parsing and translating a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlglot
from bqemulator.domain.result import Err, Ok
from bqemulator.jobs import ddl_result, executor
from bqemulator.sql import translator
from bqemulator.sql.translator import SQLTranslator
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from orchestrator.local_warehouse import kept_texts
from orchestrator.local_warehouse.fixes import parsing, translations
from orchestrator.local_warehouse.kept_texts import KeptTexts

if TYPE_CHECKING:
    from pathlib import Path

SQL = "create or replace table d.t as select a from d.s"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Apply the repair for one test, and list the texts that are really parsed."""
    texts: list[str] = []
    stock_parse = Dialect.parse

    def parse(self: Dialect, sql: str, **options: object) -> object:
        texts.append(sql)
        return stock_parse(self, sql, **options)

    monkeypatch.setattr(Dialect, "parse", parse)
    for name in parsing._REWRITERS:
        monkeypatch.setattr(translator, name, getattr(translator, name))
    for name, modules in parsing._READERS.items():
        for module in modules:
            # Set to what it is, so that it is set back afterwards.
            monkeypatch.setattr(module, name, getattr(module, name))
    parsing.apply()
    return texts


def test_a_text_is_parsed_once_and_no_step_sees_the_changes_of_another(parsed: list[str]) -> None:
    first = sqlglot.parse_one(SQL, read="bigquery")
    first.find(exp.Column).replace(exp.column("changed"))
    second = sqlglot.parse_one(SQL, read="bigquery")
    assert [column.name for column in second.find_all(exp.Column)] == ["a"]
    assert parsed == [SQL]
    # The other dialect reads the text in another way.
    sqlglot.parse_one(SQL, read="duckdb")
    assert parsed.count(SQL) == 2


def test_steps_that_only_look_share_a_tree(parsed: list[str]) -> None:
    tree = ddl_result._parse_statement(SQL)
    assert ddl_result._parse_statement(SQL) is tree
    assert sqlglot.parse_one(SQL, read="bigquery") is not tree


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put a translator in place that lists what it really translates."""
    texts: list[str] = []

    def translate(_self: object, bq_sql: str, **_options: object) -> object:
        texts.append(bq_sql)
        return Err(ValueError(bq_sql)) if bq_sql == "wrong" else Ok(f"duckdb: {bq_sql}")

    def rewrite(duckdb_sql: str, project_id: str) -> str:
        texts.append(duckdb_sql)
        return f"{project_id}: {duckdb_sql}"

    monkeypatch.setattr(SQLTranslator, "translate", translate)
    monkeypatch.setattr(executor, "rewrite_table_refs", rewrite)
    return texts


def test_a_statement_is_translated_once_for_the_same_columns(translated: list[str]) -> None:
    translations.apply(translations.Translations(None))
    translator = SQLTranslator()
    for schema in ({"s": {"a": "BIGINT"}}, {"s": {"a": "BIGINT"}}, {"s": {"a": "VARCHAR"}}, None):
        assert translator.translate(SQL, schema=schema) == Ok(f"duckdb: {SQL}")
    assert translated == [SQL] * 3
    assert isinstance(translator.translate("wrong"), Err)
    assert isinstance(translator.translate("wrong"), Err)
    assert translated == [*[SQL] * 3, "wrong", "wrong"]


def test_the_next_process_translates_nothing_again(
    translated: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stock = SQLTranslator.translate, executor.rewrite_table_refs
    for _ in range(2):
        monkeypatch.setattr(SQLTranslator, "translate", stock[0])
        monkeypatch.setattr(executor, "rewrite_table_refs", stock[1])
        translations.apply(translations.Translations(tmp_path / "state" / "translations.sqlite"))
        assert SQLTranslator().translate(SQL) == Ok(f"duckdb: {SQL}")
        assert executor.rewrite_table_refs("select 1", "p") == "p: select 1"
    assert translated == [SQL, "select 1"]


def test_another_version_translates_anew(
    translated: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    translations.apply(translations.Translations(None))
    SQLTranslator().translate(SQL)
    monkeypatch.setattr(translations, "_maker", lambda: "another version")
    SQLTranslator().translate(SQL)
    assert translated == [SQL, SQL]


def test_the_oldest_translations_leave_the_memory() -> None:
    known = translations.Translations(None)
    for number in range(translations.KEPT + 1):
        known.put("text", number)
    assert known.get(0) is None
    assert known.get(translations.KEPT) == "text"


def test_texts_outlive_the_process_and_two_may_share_a_file(tmp_path: Path) -> None:
    file = tmp_path / "texts.sqlite"
    one, other = KeptTexts(file), KeptTexts(file)
    one.put("a", "1")
    other.put("a", "2")
    assert one.get("a") == other.get("a") == KeptTexts(file).get("a") == "2"
    assert one.get("b") is None


def test_a_file_that_is_no_database_is_as_good_as_none(tmp_path: Path) -> None:
    file = tmp_path / "texts.sqlite"
    file.write_text("no database " * 100, encoding="utf-8")
    texts = KeptTexts(file)
    texts.put("a", "1")
    assert texts.get("a") is None


def test_a_file_that_has_grown_large_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "texts.sqlite"
    KeptTexts(file).put("a", "1")
    monkeypatch.setattr(kept_texts, "MAX_BYTES", 10)
    assert KeptTexts(file).get("a") is None
