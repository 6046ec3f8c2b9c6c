"""How Python writes SQL: what stands in quotes, and what the service puts into a statement."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SQL: Final = re.compile(
    r"^\s*(select|with|insert|update|delete|merge|truncate|copy|export|create)\b.*"
    r"\b(select|from|into|set|table|view|data)\b",
    re.IGNORECASE | re.DOTALL,
)
CONSTANT: Final = re.compile(r"[A-Z_][A-Z0-9_]*(\.[A-Z_]+)?")


def quoted_values(code: str) -> list[str]:
    """Return what a module puts between quotes of a statement, where a parameter belongs.

    Adding and `%` count wherever they make a statement: nobody sees what they put where.
    """
    return [found for node in ast.walk(ast.parse(code)) for found in _quoted_in(node)]


def _quoted_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr) and SQL.match(_text(node)):
        for before, one in zip(node.values, node.values[1:], strict=False):
            if isinstance(one, ast.FormattedValue) and _text(before).endswith("'"):
                yield ast.unparse(one.value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        if SQL.match(_text(node.left)) and not isinstance(node.right, ast.Constant | ast.JoinedStr):
            yield ast.unparse(node.right)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        text = _text(node.func.value)
        if node.func.attr == "format" and SQL.match(text) and re.search(r"'\{", text):
            yield from (ast.unparse(one) for one in node.args)
            yield from (ast.unparse(one.value) for one in node.keywords)


def changing_parts(code: str) -> list[str]:
    """Return what is put into statements and is neither a constant nor a name in backticks."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.JoinedStr) and SQL.match(_text(node))):
            continue
        for before, one in zip([ast.Constant(""), *node.values], node.values, strict=False):
            if isinstance(one, ast.FormattedValue):
                text = ast.unparse(one.value)
                if not (CONSTANT.fullmatch(text) or _text(before).endswith("`")):
                    found.append(text)
    return found


def _text(node: ast.AST) -> str:
    """Return the text of a literal, with a mark for each value in it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(one) or "?" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
