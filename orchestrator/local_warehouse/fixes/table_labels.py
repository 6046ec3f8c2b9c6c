"""ALTER TABLE ... SET OPTIONS (labels = ...) labels the table, and CREATE VIEW labels the view.

Stock: the first does nothing, or is a syntax error; the second makes a view without labels. The
project tells by its labels what a seed was loaded from and what a view was made of.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import sqlglot
from bqemulator.jobs import executor as stock
from sqlglot import exp
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from bqemulator.api.dependencies import AppContext

_COMMENTS: Final = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_STATEMENT: Final = re.compile(
    _COMMENTS
    + r"alter\s+table\s+(?P<table>`[^\s]+`)\s+set\s+options\s*\((?P<options>.*)\)\s*;?"
    + _COMMENTS,
    re.IGNORECASE | re.DOTALL,
)
_VIEW: Final = re.compile(
    _COMMENTS + r"create\s+(or\s+replace\s+)?view\b", re.IGNORECASE | re.DOTALL
)
_LABELS: Final = re.compile(r"\blabels\s*=\s*\[(?P<labels>[^\]]*)\]", re.IGNORECASE)
_LABEL: Final = re.compile(r"\(\s*(['\"])(?P<key>[^'\"]*)\1\s*,\s*(['\"])(?P<value>[^'\"]*)\3\s*\)")


def labels_of(sql: str) -> tuple[str, dict[str, str] | None] | None:
    """Return the table and the labels that a statement gives it, or None for any other one.

    There are no labels where the options name none.
    """
    match = _STATEMENT.fullmatch(sql)
    if match is None:
        return None
    name, labels = match["table"].replace("`", ""), _LABELS.search(match["options"])
    if labels is None:
        return name, None
    return name, {found["key"]: found["value"] for found in _LABEL.finditer(labels["labels"])}


def labels_of_view(sql: str) -> tuple[str, dict[str, str]] | None:
    """Return the view that a statement makes and its labels, or None for any other one."""
    if not _VIEW.match(sql):
        return None
    try:
        tree = sqlglot.parse_one(sql, read="bigquery")
    except SqlglotError:
        return None
    options = tree.args.get("properties")
    pairs = [
        pair.expressions
        for option in (options.expressions if options else ())
        if isinstance(option, exp.Property) and option.name.lower() == "labels"
        for pair in option.args["value"].expressions
    ]
    name = ".".join(part.name for part in tree.this.parts)
    return name, {key.name: value.name for key, value in pairs}


def apply() -> None:
    """Take the first before it is translated, the second after the view is known."""
    stock_run = stock._maybe_run_versioning_ddl

    async def run(project_id: str, bq_sql: str, ctx: AppContext) -> pa.Table | None:
        found = labels_of(bq_sql)
        if found is None:
            return await stock_run(project_id, bq_sql, ctx)
        _label(project_id, *found, ctx)
        return pa.table({})

    stock_sync = stock.sync_created_view

    def sync_created_view(bq_sql: str, project_id: str, ctx: AppContext) -> None:
        stock_sync(bq_sql, project_id, ctx)
        found = labels_of_view(bq_sql)
        if found is not None:
            _label(project_id, *found, ctx)

    stock._maybe_run_versioning_ddl = run
    stock.sync_created_view = sync_created_view


def _label(project_id: str, name: str, labels: dict[str, str] | None, ctx: AppContext) -> None:
    *project, dataset, table = name.split(".")
    known = ctx.catalog.get_table(project[0] if project else project_id, dataset, table)
    if known is not None and labels is not None:
        ctx.catalog.update_table(known.model_copy(update={"labels": labels}))
