"""`from t, t.items` is looked for where a list of tables has such a name.

Stock: for each `from`, sqlglot copies what it reads from, a subquery with all that is in it, and
each table that is joined, only to learn their names. Nested queries are copied once a level.
"""

from __future__ import annotations

from typing import TypeAlias

from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.dialects.dialect import Dialect

Trees: TypeAlias = "list[exp.Expression | None]"


def explicit(dialect: Dialect, tree: exp.Expression | None) -> exp.Expression | None:
    """Write what is unnested without saying so as sqlglot writes it."""
    for select in list(tree.find_all(exp.Select)) if tree else []:
        if any(_may_be_a_column(join) for join in select.args.get("joins") or []):
            dialect.parser()._implicit_unnests_to_explicit(select)  # noqa: SLF001
    return tree


def _may_be_a_column(join: exp.Join) -> bool:
    """Say whether a name of several parts is joined without a condition."""
    table = join.this
    return isinstance(table, exp.Table) and not join.args.get("on") and len(table.parts) > 1


def apply() -> None:
    """Look afterwards, in the whole tree."""
    BigQuery.parser_class.SUPPORTS_IMPLICIT_UNNEST = False
    for name in ("parse", "parse_into"):
        _look_after(name)


def _look_after(name: str) -> None:
    stock = getattr(Dialect, name)

    def parse(self: Dialect, *arguments: object, **options: object) -> Trees:
        trees: Trees = stock(self, *arguments, **options)
        return [explicit(self, tree) for tree in trees] if isinstance(self, BigQuery) else trees

    setattr(Dialect, name, parse)
