"""Errors that the page on troubleshooting quotes are those of the code."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

from tests.unit.document_texts import OPERATE, ROOT, read, table_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = OPERATE / "troubleshooting.md"
# Stands for what a text fills in, in a template of the code.
HOLE: Final = "\0"


def quoted() -> list[str]:
    """Return the errors of the page, as it writes them."""
    return [row[0].removeprefix("`").removesuffix("`") for row in table_rows(read(PAGE))]


def _template(node: ast.JoinedStr) -> str:
    parts = (
        str(part.value) if isinstance(part, ast.Constant) else HOLE  # a value is filled in
        for part in node.values
    )
    return "".join(parts)


def _texts_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield _template(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def templates() -> tuple[str, ...]:
    """Return every text of the code, with holes for what is filled in; of macros whole files."""
    found = []
    for path in sorted((ROOT / "orchestrator").rglob("*.py")):
        # Logging fills in by %s.
        found += [text.replace("%s", HOLE) for text in _texts_of(ast.parse(read(path)))]
    for path in sorted((ROOT / "macros").rglob("*.sql")):
        found.append(re.sub(r"\{\{.*?\}\}", HOLE, read(path)))
    return tuple(found)


def is_said(text: str) -> bool:
    """Say whether some text of the code has the parts of a quoted one, in their order.

    Between two parts stands what is filled in, at both ends a value.
    """
    parts = text.split("...")
    pattern = re.compile(rf"{HOLE}(?:[^\n]*?{HOLE})?".join(re.escape(part) for part in parts))
    likely = (one for one in templates() if all(part in one for part in parts))
    return any(pattern.search(one) for one in likely)


@pytest.mark.parametrize("text", quoted())
def test_a_quoted_error_is_said_by_the_code(text: str) -> None:
    longest = max(text.split("..."), key=len)
    assert len(longest) > 7, "too little is quoted to be known again"
    assert is_said(text)


def test_errors_are_quoted_once_and_are_many() -> None:
    assert len(quoted()) >= 25
    assert len(set(quoted())) == len(quoted())


@pytest.mark.parametrize(
    "text",
    ["the warehouse did not reply: ...", "no ... of Concord above", "run ... held the lock"],
)
def test_what_nobody_says_is_found(text: str) -> None:
    assert not is_said(text)
