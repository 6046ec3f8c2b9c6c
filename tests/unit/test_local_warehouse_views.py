"""Views in a statement are written out once, as long as they and the policies stay the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from bqemulator.sql import inner_query

from orchestrator.local_warehouse.fixes import views
from orchestrator.local_warehouse.fixes.translations import Translations

SQL = "create table d.new as select * from d.outer_view as a, `p`.other.plain"


@dataclass
class Catalog:
    """A stand-in with views, of which one reads the other, and the calls of the stock steps."""

    queries: dict[str, str] = field(
        default_factory=lambda: {
            "p.d.outer_view": "select * from d.inner_view",
            "p.d.inner_view": "select * from d.base",
        }
    )
    policies: tuple[str, ...] = ()
    rewritten: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)

    def list_all_row_access_policies(self) -> tuple[str, ...]:
        """Return what was given."""
        return self.policies

    def get_table(self, *name: str) -> Any:  # noqa: ANN401 - a stand-in
        """Return a view or a table."""
        query = self.queries.get(".".join(name))
        return SimpleNamespace(table_type="VIEW" if query else "TABLE", view_query=query)


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """Put the repair around steps that only note what they get."""
    made = Catalog()

    def rewrite(bq_sql: str, **_options: object) -> str:
        made.rewritten.append(bq_sql)
        return f"{bq_sql} with {sorted(made.queries.values())}"

    def schema(bq_sql: str, **_options: object) -> dict[str, dict[str, str]]:
        made.looked_at.append(bq_sql)
        return {"base": {"a": "BIGINT"}}

    monkeypatch.setattr(inner_query, "rewrite_for_row_access", rewrite)
    monkeypatch.setattr(inner_query, "build_catalog_schema", schema)
    views.apply(Translations(None))
    return made


def rewritten(catalog: Catalog, sql: str = SQL) -> str:
    """Run the step as the emulator does."""
    text = inner_query.rewrite_for_row_access(sql, project_id="p", caller=None, catalog=catalog)
    return str(text)


def test_a_statement_goes_through_the_step_once(catalog: Catalog) -> None:
    assert rewritten(catalog) == rewritten(catalog)
    assert catalog.rewritten == [SQL]


@pytest.mark.parametrize("view", ["p.d.outer_view", "p.d.inner_view"])
def test_a_changed_view_behind_it_counts(catalog: Catalog, view: str) -> None:
    before = rewritten(catalog)
    catalog.queries[view] = "select 1 as a"
    assert rewritten(catalog) != before
    assert catalog.rewritten == [SQL, SQL]


def test_without_a_view_the_text_stays(catalog: Catalog) -> None:
    assert rewritten(catalog, "select * from d.base") == "select * from d.base"
    assert catalog.rewritten == []


def test_policies_and_what_cannot_be_parsed_go_the_long_way(catalog: Catalog) -> None:
    rewritten(catalog, "select from from")
    catalog.policies = ("one",)
    rewritten(catalog)
    rewritten(catalog)
    assert catalog.rewritten == ["select from from", SQL, SQL]


def test_types_are_looked_up_for_the_same_tables_in_the_same_order(catalog: Catalog) -> None:
    for _ in range(2):
        found = inner_query.build_catalog_schema(SQL, project_id="p", catalog=catalog)
        assert found == {"base": {"a": "BIGINT"}}
    tables = "select * from `d`.`new`, `d`.`outer_view`, `p`.`other`.`plain`"
    assert catalog.looked_at == [tables, tables]
    assert inner_query.build_catalog_schema("select 1", project_id="p", catalog=catalog) == {}
