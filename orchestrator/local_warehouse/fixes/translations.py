"""A statement that comes again is not translated again, be it in a later process.

Stock: every statement goes through the whole translation, which takes longer than running it. The
rounds of an iteration send the same three texts over and over, and a private warehouse gets the
statements that the one before it got.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bqemulator.domain.result import Ok
from bqemulator.jobs import executor
from bqemulator.sql.translator import SQLTranslator

from orchestrator.local_warehouse.kept_texts import KeptTexts
from orchestrator.local_warehouse.versions import installed_versions

if TYPE_CHECKING:
    from collections.abc import MutableMapping

# In memory, for a warehouse that keeps none in a file as well.
KEPT = 512


class Translations:
    """The newest in memory, all of them in a file if there is one."""

    def __init__(self, file: Path | None) -> None:
        self._newest: MutableMapping[str, str] = {}
        self._file = KeptTexts(file) if file else None

    def get(self, *made_from: object) -> str | None:
        """Return what was made from these values, if it is known."""
        key = _key(*made_from)
        text = self._newest.get(key)
        if text is None and self._file is not None:
            text = self._file.get(key)
        return text

    def put(self, text: str, *made_from: object) -> None:
        """Remember what was made from these values."""
        key = _key(*made_from)
        while len(self._newest) >= KEPT:
            del self._newest[next(iter(self._newest))]
        self._newest[key] = text
        if self._file is not None:
            self._file.put(key, text)


def apply(known: Translations) -> None:
    """Remember what the translator and the other repairs made. Call it after them."""
    stock_translate = SQLTranslator.translate
    stock_rewrite = executor.rewrite_table_refs

    def translate(
        self: SQLTranslator,
        bq_sql: str,
        *,
        schema: dict[str, Any] | None = None,
        **options: object,
    ) -> object:
        # The result depends on nothing else: the tables' columns, and on who asks.
        made_from = ("translate", bq_sql, schema, sorted(options.items()))
        text = known.get(*made_from)
        if text is not None:
            return Ok(text)
        result = stock_translate(self, bq_sql, schema=schema, **options)
        if isinstance(result, Ok):
            known.put(result.value, *made_from)
        return result

    def rewrite_table_refs(duckdb_sql: str, project_id: str) -> str:
        text = known.get("tables", duckdb_sql, project_id)
        if text is None:
            text = stock_rewrite(duckdb_sql, project_id)
            known.put(text, "tables", duckdb_sql, project_id)
        return text

    SQLTranslator.translate = translate
    executor.rewrite_table_refs = rewrite_table_refs


def _key(*made_from: object) -> str:
    text = json.dumps([_maker(), *made_from], default=repr)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _maker() -> str:
    """Name what makes a translation: a changed repair or another version makes another one."""
    sources = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    code = hashlib.sha256(b"\0".join(sources)).hexdigest()
    return f"{sorted(installed_versions().items())} {code}"
