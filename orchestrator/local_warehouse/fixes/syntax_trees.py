"""How a repair changes a statement before bqemulator translates it, while it is BigQuery's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from bqemulator.sql.translator import SQLTranslator
from sqlglot import exp
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class TreeRepair:
    """Replaces some nodes of the statement's tree.

    A statement is parsed only when it contains one of the `words` (upper case). `replace` returns
    the new node, or None to leave the old one.
    """

    words: tuple[str, ...]
    replace: Callable[[exp.Expression], exp.Expression | None]


def repair(sql: str, repairs: tuple[TreeRepair, ...]) -> str:
    """Return the statement with the repairs made, or as it was when none applies."""
    upper = sql.upper()
    wanted = [each for each in repairs if any(word in upper for word in each.words)]
    # Of such a name sqlglot makes one word, under which the emulator does not know the columns.
    if not wanted or "INFORMATION_SCHEMA" in upper:
        return sql
    try:
        tree = sqlglot.parse_one(sql, read="bigquery")
    except SqlglotError:
        # The translator will say what is wrong with it.
        return sql
    changed = False
    for node in reversed(list(tree.walk())):
        for each in wanted:
            new = each.replace(node)
            if new is not None:
                changed = True
                if node is tree:
                    tree = new
                else:
                    node.replace(new)
                break
    return tree.sql(dialect="bigquery") if changed else sql


def before_translation(change: Callable[[str], str]) -> None:
    """Run `change` on every statement before it is translated."""
    stock_translate = SQLTranslator.translate

    def translate(self: SQLTranslator, bq_sql: str, **options: object) -> object:
        return stock_translate(self, change(bq_sql), **options)

    SQLTranslator.translate = translate
