"""A tree is copied without Python's general machinery for its notes.

Stock: sqlglot copies a tree node by node, and hands the notes of each (where a name stands in the
text, comments) to `copy.deepcopy`, which takes longer than all the rest. They are texts and
numbers in a dictionary or a list.
"""

from __future__ import annotations

from copy import deepcopy

from sqlglot.expressions import core

_PLAIN = (str, int, float, bool, type(None))


def quick_copy(value: object, memo: dict[int, object] | None = None) -> object:
    """Return what `copy.deepcopy` returns, sooner for what sqlglot copies most."""
    if isinstance(value, core.Expr):
        return value.__deepcopy__({})
    if type(value) is dict and all(isinstance(one, _PLAIN) for one in value.values()):
        return value.copy()
    if type(value) is list:
        return [quick_copy(one) for one in value]
    return value if isinstance(value, _PLAIN) else deepcopy(value, memo)


def apply() -> None:
    """Let sqlglot copy with it."""
    core.deepcopy = quick_copy
