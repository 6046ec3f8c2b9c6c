"""What kind a statement is, is known once it was seen.

Stock: each text is read by two parsers before anything else, to learn that it is one statement and
which, also when its translation is known. A union of queries has no kind; BigQuery says SELECT.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING

from bqemulator.jobs import executor
from bqemulator.scripting.ast import Script, SqlStmt
from sqlglot import exp

if TYPE_CHECKING:
    from orchestrator.local_warehouse.fixes.translations import Translations


def apply(known: Translations) -> None:
    """Remember it with the translations."""
    _name_unions()
    stock_script = executor._parse_script_or_raise
    stock_kind = executor.classify_statement_type

    def parse_script(sql: str) -> Script:
        if known.get("is one", sql) is not None:
            return Script((SqlStmt(sql=sql),))
        script: Script = stock_script(sql)
        if len(script.statements) == 1 and isinstance(script.statements[0], SqlStmt):
            known.put("", "is one", sql)
        return script

    def kind_of(sql: str) -> str:
        kind = known.get("kind", sql)
        if kind is None:
            kind = str(stock_kind(sql))
            known.put(kind, "kind", sql)
        return kind

    executor._parse_script_or_raise = parse_script
    executor.classify_statement_type = kind_of
    _pass_queries_by(known)


def _name_unions() -> None:
    stock = executor._classify_parsed_tree

    def classify(tree: exp.Expression) -> str:
        return stock(tree) or ("SELECT" if isinstance(tree, exp.Query) else "")

    executor._classify_parsed_tree = classify


def _pass_queries_by(known: Translations) -> None:
    """Do not look for changed tables in a statement that is known to change none."""
    stock_reject = executor._reject_dml_on_immutable
    stock_capture = executor._capture_dml_snapshots

    def reject(project_id: str, sql: str, context: object) -> None:
        if known.get("kind", sql) != "SELECT":
            stock_reject(project_id, sql, context)

    async def capture(project_id: str, sql: str, context: object) -> None:
        if known.get("kind", sql) != "SELECT":
            await stock_capture(project_id, sql, context)

    executor._reject_dml_on_immutable = reject
    executor._capture_dml_snapshots = capture
