"""ALTER TABLE ... SET OPTIONS (labels = ...) labels the table.

Stock: the statement does nothing, or is a syntax error. The project tells by its labels what a
seed was loaded from.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from bqemulator.jobs import executor as stock

if TYPE_CHECKING:
    from bqemulator.api.dependencies import AppContext

_COMMENTS: Final = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_STATEMENT: Final = re.compile(
    _COMMENTS
    + r"alter\s+table\s+(?P<table>`[^\s]+`)\s+set\s+options\s*\((?P<options>.*)\)\s*;?"
    + _COMMENTS,
    re.IGNORECASE | re.DOTALL,
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


def apply() -> None:
    """Take the statement before it is translated."""
    stock_run = stock._maybe_run_versioning_ddl

    async def run(project_id: str, bq_sql: str, ctx: AppContext) -> pa.Table | None:
        found = labels_of(bq_sql)
        if found is None:
            return await stock_run(project_id, bq_sql, ctx)
        name, labels = found
        *project, dataset, table = name.split(".")
        known = ctx.catalog.get_table(project[0] if project else project_id, dataset, table)
        if known is not None and labels is not None:
            ctx.catalog.update_table(known.model_copy(update={"labels": labels}))
        return pa.table({})

    stock._maybe_run_versioning_ddl = run
