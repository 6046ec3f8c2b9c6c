"""A statement is parsed once, however many steps look at it.

Stock: each of about 24 steps parses the whole text of a statement again, which takes more time
than running it. Every step gets its own copy, because it may change it; the few that only look
share one tree.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache, wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import sqlglot
from bqemulator.catalog import ddl_sync
from bqemulator.jobs import ddl_result, executor, routine_ddl
from bqemulator.sql import catalog_schema, inner_query, translator
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.local_warehouse.fixes.implicit_unnests import Trees

# Texts of one statement on its way through the steps, and of those that come again soon.
KEPT_TEXTS = 64
# Functions that look at a statement's tree and leave it as it is. A function is replaced in each
# module that calls it by its bare name.
_READERS = {
    "_capture_dml_snapshots": (executor,),
    "_detect_catalog_drop": (ddl_sync,),
    "_detect_create_schema": (ddl_sync,),
    "_detect_plain_create_table": (ddl_sync,),
    "_detect_plain_create_view": (ddl_sync,),
    "_extract_ddl_metadata": (ddl_sync,),
    "_parse_statement": (ddl_result,),
    "_parse_for_classification": (executor,),
    "_reject_dml_on_immutable": (executor,),
    "build_catalog_schema": (catalog_schema, inner_query),
    "detect_drop_routine": (routine_ddl, executor),
}
# Functions that change such nodes of a statement and no others, and get a copy only if it has one.
_REWRITERS: dict[str, type[exp.Expression]] = {
    "rewrite_create_table_schema_ctas": exp.Schema,
    "rewrite_division_by_zero": exp.Div,
}
_is_reading: ContextVar[bool] = ContextVar("is_reading", default=False)


def _reading(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let the function see the shared tree itself."""
    if iscoroutinefunction(function):

        @wraps(function)
        async def read_later(*arguments: object, **options: object) -> object:
            token = _is_reading.set(True)
            try:
                return await function(*arguments, **options)
            finally:
                _is_reading.reset(token)

        return read_later

    @wraps(function)
    def read(*arguments: object, **options: object) -> object:
        token = _is_reading.set(True)
        try:
            return function(*arguments, **options)
        finally:
            _is_reading.reset(token)

    return read


def _only_where(rewrite: Callable[[str], str], node: type[exp.Expression]) -> Callable[[str], str]:
    """Let the function see the texts in which there is such a node, or that cannot be read."""

    @wraps(rewrite)
    def rewrite_some(sql: str) -> str:
        tree = shared_tree(sql)
        return sql if tree is not None and tree.find(node) is None else rewrite(sql)

    return rewrite_some


@_reading
def shared_tree(sql: str) -> exp.Expression | None:
    """Return the tree itself, for somebody who only looks at it; None when it cannot be read."""
    try:
        return sqlglot.parse_one(sql, read="bigquery")
    except SqlglotError:
        return None


def apply() -> None:
    """Keep the trees of the newest texts."""
    stock_parse = Dialect.parse

    @lru_cache(maxsize=KEPT_TEXTS)
    def parsed(dialect: Callable[[], Dialect], sql: str) -> Trees:
        trees: Trees = stock_parse(dialect(), sql)
        return trees

    def parse(self: Dialect, sql: str, **options: object) -> Trees:
        if self.settings or any(value is not None for value in options.values()):
            unshared: Trees = stock_parse(self, sql, **options)
            return unshared
        dialect: Callable[[], Dialect] = type(self)
        trees = parsed(dialect, sql)
        return trees if _is_reading.get() else [tree and tree.copy() for tree in trees]

    Dialect.parse = parse
    # Another parser looks first whether it is one statement, and nobody changes what it found.
    executor._parse_script_or_raise = lru_cache(maxsize=KEPT_TEXTS)(  # noqa: SLF001
        executor._parse_script_or_raise  # noqa: SLF001
    )
    for name, node in _REWRITERS.items():
        setattr(translator, name, _only_where(getattr(translator, name), node))
    for name, modules in _READERS.items():
        for module in modules:
            setattr(module, name, _reading(getattr(module, name)))
