"""Where the tables of a run are, and which of them exist."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orchestrator.settings.registry import staging_models

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

LAYERS: Final = ("seeds", "staging", "standardized", "matching", "entities", "marts", "demo")


class Tables:
    """Names the tables for queries and runs these."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._settings = connection.settings
        self._known: dict[str, frozenset[str]] = {}

    def layer(self, layer: str, table: str) -> str:
        """Return the quoted name of a table of a layer."""
        return self._quoted(f"{self._settings.dataset}_{layer}", table)

    def raw(self, source: str, table: str) -> str:
        """Return the quoted name of a raw table."""
        return self._quoted(self._settings.raw_dataset(source), table)

    def has(self, layer: str, table: str) -> bool:
        """Say whether a table of a layer exists."""
        return table in self._in_dataset(f"{self._settings.dataset}_{layer}")

    def has_raw(self, source: str, table: str) -> bool:
        """Say whether a raw table exists."""
        return table in self._in_dataset(self._settings.raw_dataset(source))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Return the enabled sources."""
        return self._settings.sources

    @cached_property
    def staging_models(self) -> dict[tuple[str, str], str]:
        """Return the staging model of every declared source and raw table."""
        return staging_models(self._settings.project_dir)

    def columns(self, layer: str, table: str) -> tuple[str, ...]:
        """Return the columns of a table in their order."""
        name = self._connection.table_id(f"{self._settings.dataset}_{layer}", table)
        return tuple(field.name for field in self._connection.client.get_table(name).schema)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Run a query whose result is small."""
        return [dict(row) for row in self._connection.query(sql)]

    def row(self, sql: str) -> dict[str, Any]:
        """Run a query that returns exactly one row."""
        (row,) = self.rows(sql)
        return row

    def _quoted(self, dataset: str, table: str) -> str:
        return f"`{self._connection.table_id(dataset, table)}`"

    def _in_dataset(self, dataset: str) -> frozenset[str]:
        if dataset not in self._known:
            self._known[dataset] = self._connection.table_names(dataset)
        return self._known[dataset]
