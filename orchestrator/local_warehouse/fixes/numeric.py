"""NUMERIC keeps nine decimals.

Stock: a bare NUMERIC becomes DuckDB's DECIMAL, which is DECIMAL(18, 3). BigQuery has (38, 9).
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from bqemulator.sql.rules import TranslationRule
from bqemulator.sql.translator import SQLTranslator
from sqlglot import exp

# sqlglot writes DuckDB's default out, so it cannot be told from a wish for it.
_BARE: tuple[list[str], ...] = ([], ["18", "3"])


class NumericRule(TranslationRule):  # type: ignore[misc]
    """Give a decimal type without a stated precision BigQuery's own."""

    name = "CONCORD_NUMERIC"

    def applies_to(self, node: exp.Expression) -> bool:
        """Match DuckDB's default decimal."""
        is_decimal = isinstance(node, exp.DataType) and node.this == exp.DataType.Type.DECIMAL
        return is_decimal and [str(size) for size in node.expressions] in _BARE

    def rewrite(self, _node: exp.Expression) -> exp.Expression:
        """Return BigQuery's."""
        return exp.DataType.build("DECIMAL(38, 9)", dialect="duckdb")


def apply() -> None:
    """Give the rule to every translator when it is used: one is made while modules load."""
    rule = NumericRule()
    stock_apply_rules = SQLTranslator._apply_rules

    def apply_rules(self: SQLTranslator, sql: str, **options: object) -> str:
        if rule not in self._rules:
            self._rules.append(rule)
        translated: str = stock_apply_rules(self, sql, **options)
        return translated

    SQLTranslator._apply_rules = apply_rules
