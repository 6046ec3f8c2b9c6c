"""Views are written out in a statement without parsing it again and again.

Stock: each statement is parsed, its views are replaced by their queries, for the sake of row access
policies, and what came out is parsed once more for the types of the tables in it. Which tables a
text names is remembered, and so is what came of a text and its views. Where there is any policy,
everything goes the long way.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from bqemulator.sql import inner_query
from sqlglot import exp

from orchestrator.local_warehouse.fixes.parsing import shared_tree

if TYPE_CHECKING:
    from bqemulator.catalog.repository import CatalogRepository
    from bqemulator.row_access.identity import CallerIdentity

    from orchestrator.local_warehouse.fixes.translations import Translations

# Project, dataset and table, as written.
Name: TypeAlias = "tuple[str, str, str]"


def apply(known: Translations) -> None:
    """Put what is known before the two steps. Call it before any statement comes."""
    stock_rewrite = inner_query.rewrite_for_row_access
    stock_schema = inner_query.build_catalog_schema

    def rewrite_for_row_access(
        bq_sql: str, *, project_id: str, caller: CallerIdentity, catalog: CatalogRepository
    ) -> str:
        views = None
        if not catalog.list_all_row_access_policies():
            views = views_of(known, bq_sql, project_id, catalog)
        text = None
        if views is not None:
            text = known.get("views", bq_sql, project_id, views) if views else bq_sql
        if text is None:
            text = stock_rewrite(bq_sql, project_id=project_id, caller=caller, catalog=catalog)
            if views is not None:
                known.put(text, "views", bq_sql, project_id, views)
        return text

    def build_catalog_schema(
        bq_sql: str, *, project_id: str, catalog: CatalogRepository
    ) -> dict[str, dict[str, str]]:
        names = named_tables(known, bq_sql)
        if not names:
            return {}
        # The same tables in the same order: of two with one name, the last one counts.
        tables = ", ".join(".".join(f"`{part}`" for part in name if part) for name in names)
        found: dict[str, dict[str, str]] = stock_schema(
            f"select * from {tables}", project_id=project_id, catalog=catalog
        )
        return found

    inner_query.rewrite_for_row_access = rewrite_for_row_access
    inner_query.build_catalog_schema = build_catalog_schema


def named_tables(known: Translations, sql: str) -> list[Name] | None:
    """Return the tables that a text names with their dataset; None when it cannot be parsed."""
    kept = known.get("names", sql)
    if kept is None:
        tree = shared_tree(sql)
        if tree is None:
            return None
        found: dict[Name, None] = {}
        for table in tree.find_all(exp.Table):
            if table.name and table.db:
                name = (table.catalog, table.db, table.name)
                found.pop(name, None)
                found[name] = None
        kept = json.dumps(list(found))
        known.put(kept, "names", sql)
    return [(project, dataset, table) for project, dataset, table in json.loads(kept)]


def views_of(
    known: Translations, sql: str, project_id: str, catalog: CatalogRepository
) -> dict[str, str] | None:
    """Return the query of each view behind a text; None when a text cannot be parsed."""
    views: dict[str, str] = {}
    texts = [sql]
    while texts:
        names = named_tables(known, texts.pop())
        if names is None:
            return None
        for project, dataset, table in names:
            key = f"{project or project_id}.{dataset}.{table}"
            meta = catalog.get_table(project or project_id, dataset, table)
            if key in views or meta is None or meta.table_type != "VIEW" or not meta.view_query:
                continue
            views[key] = meta.view_query
            texts.append(meta.view_query)
    return views
