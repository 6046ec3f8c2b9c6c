"""What a text is put together from, as far as its own expression shows."""

from __future__ import annotations

import ast
from typing import Final

# These give back what is in their arguments.
PASSES: Final = frozenset(
    {
        *(
            "str",
            "sorted",
            "list",
            "tuple",
            "set",
            "frozenset",
            "reversed",
            "enumerate",
            "zip",
            "dict",
            "map",
        ),
        *(
            "filter",
            "iter",
            "next",
            "dedent",
            "cast",
            "Template",
            "max",
            "min",
            "chain",
            "from_iterable",
        ),
        *("fromkeys", "combinations"),
    }
)
# Methods of texts and lists: of the first only what they are called on matters.
OF_A_TEXT: Final = frozenset(
    {
        *(
            "strip",
            "lstrip",
            "rstrip",
            "lower",
            "upper",
            "title",
            "removeprefix",
            "removesuffix",
            "split",
        ),
        *(
            "rsplit",
            "partition",
            "rpartition",
            "encode",
            "splitlines",
            "items",
            "keys",
            "values",
            "pop",
        ),
        *("copy", "casefold"),
    }
)
WITH_ARGUMENTS: Final = frozenset(
    {
        *("join", "replace", "format", "format_map", "substitute", "safe_substitute", "translate"),
        *("get", "union", "sub"),
    }
)
# Of these no text comes, only a number or a time, a yes or no.
NUMBERS: Final = frozenset(
    {
        *(
            "len",
            "int",
            "float",
            "bool",
            "sum",
            "round",
            "count",
            "isoformat",
            "hash",
            "index",
            "range",
        ),
    }
)
# Where an expression has what it is put together from.
PARTS: Final[tuple[tuple[tuple[type[ast.expr], ...], tuple[str, ...]], ...]] = (
    ((ast.Constant, ast.Compare), ()),
    ((ast.JoinedStr, ast.BoolOp), ("values",)),
    ((ast.FormattedValue, ast.Await, ast.Starred, ast.Subscript), ("value",)),
    ((ast.NamedExpr, ast.YieldFrom), ("value",)),
    ((ast.UnaryOp,), ("operand",)),
    ((ast.BinOp,), ("left", "right")),
    ((ast.IfExp,), ("body", "orelse")),
    ((ast.List, ast.Tuple, ast.Set), ("elts",)),
    ((ast.Dict,), ("keys", "values")),
    ((ast.ListComp, ast.SetComp, ast.GeneratorExp), ("elt",)),
    ((ast.DictComp,), ("key", "value")),
)


def parts_of(node: ast.expr) -> list[ast.expr] | None:
    """Return what an expression is put together from; none if that is not to be seen in it."""
    if _is_number(node):
        return []
    for kinds, names in PARTS:
        if isinstance(node, kinds):
            values = [getattr(node, name) for name in names]
            every = [one for v in values for one in (v if isinstance(v, list) else [v])]
            return [one for one in every if one is not None]
    return None


def _is_number(node: ast.expr) -> bool:
    """Say whether only a number can come of it: a text would be refused."""
    if isinstance(node, ast.FormattedValue):
        return node.format_spec is not None and ast.unparse(node.format_spec) in {"f'd'", "'d'"}
    if isinstance(node, ast.BinOp):
        sides = [one.value for one in (node.left, node.right) if isinstance(one, ast.Constant)]
        # `%` of a text takes a number too.
        is_added = isinstance(node.op, ast.Add) and any(isinstance(one, int) for one in sides)
        return is_added or isinstance(node.op, ast.Sub | ast.FloorDiv)
    return False
