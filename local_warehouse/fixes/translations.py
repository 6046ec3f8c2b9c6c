"""A statement that comes again is not translated again.

Stock: every statement goes through the whole translation. The rounds of an iteration send the
same three texts over and over, and translating one takes longer than running it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bqemulator.domain.result import Ok
from bqemulator.jobs import executor
from bqemulator.sql.translator import SQLTranslator

if TYPE_CHECKING:
    from collections.abc import Hashable

KEPT = 256


def apply() -> None:
    """Remember translations, and the names of tables put into them. Call it after the others."""
    stock_translate = SQLTranslator.translate
    known: dict[Hashable, object] = {}

    def translate(
        self: SQLTranslator,
        bq_sql: str,
        *,
        schema: dict[str, Any] | None = None,
        **options: object,
    ) -> object:
        # The result depends on nothing else: the tables' columns, and who asks.
        key = (bq_sql, _frozen(schema), *sorted(options.items()))
        if key in known:
            return known[key]
        result = stock_translate(self, bq_sql, schema=schema, **options)
        if isinstance(result, Ok):
            while len(known) >= KEPT:
                del known[next(iter(known))]
            known[key] = result
        return result

    SQLTranslator.translate = translate
    executor.rewrite_table_refs = lru_cache(maxsize=KEPT)(executor.rewrite_table_refs)


def _frozen(schema: dict[str, Any] | None) -> Hashable:
    if not schema:
        return None
    return tuple((table, tuple(columns.items())) for table, columns in sorted(schema.items()))
