"""A view can be deleted as a table can: the API has one request for both.

Stock: it drops a table of that name, which fails for a view. A model that was a view and becomes a
table could not be built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import duckdb
from bqemulator.storage.engine import DuckDBEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

_TABLE: Final = "DROP TABLE IF EXISTS "
_VIEW: Final = "DROP VIEW IF EXISTS "


def apply() -> None:
    """Drop a view where a table was looked for."""
    stock_execute = DuckDBEngine.execute

    def execute(self: DuckDBEngine, sql: str, parameters: Sequence[Any] | None = None) -> Any:  # noqa: ANN401 - the emulator has no types
        try:
            return stock_execute(self, sql, parameters)
        except duckdb.CatalogException as error:
            if not sql.startswith(_TABLE) or "is of type View" not in str(error):
                raise
            return stock_execute(self, sql.replace(_TABLE, _VIEW, 1), parameters)

    DuckDBEngine.execute = execute
