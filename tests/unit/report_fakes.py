"""A stand-in for the tables of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from orchestrator.settings.registry import staging_models

ROOT: Final = Path(__file__).resolve().parents[2]


class FakeTables:
    """Answers queries with prepared rows: by a word that the SQL contains."""

    sources = ("salesforce", "hubspot")
    staging_models: Final = staging_models(ROOT)

    def __init__(
        self,
        answers: dict[str, list[dict[str, Any]]],
        missing: set[str] | None = None,
        comparisons: tuple[str, ...] = ("prior", "given_name", "email", "phone"),
    ) -> None:
        self._answers = answers
        self._comparisons = comparisons
        self._missing = missing or set()
        self.queries: list[str] = []

    def layer(self, layer: str, table: str) -> str:
        return f"`{layer}.{table}`"

    def raw(self, source: str, table: str) -> str:
        return f"`raw_{source}.{table}`"

    def has(self, layer: str, table: str) -> bool:
        return table not in self._missing

    def has_raw(self, source: str, table: str) -> bool:
        return f"{source}.{table}" not in self._missing

    def columns(self, layer: str, table: str) -> tuple[str, ...]:
        return ("record_id_l", "match_weight", *(f"weight_{name}" for name in self._comparisons))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        self.queries.append(sql)
        return next((rows for word, rows in self._answers.items() if word in sql), [])

    def row(self, sql: str) -> dict[str, Any]:
        (row,) = self.rows(sql)
        return row
