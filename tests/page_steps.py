"""Does what a page of docs/develop says: its code blocks are changes of files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

# **1. `path`**, then prose, then the block.
FILE: Final = re.compile(r"\*\*\d+\. `(?P<path>[^`]+)`")
BLOCK: Final = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING: Final = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)


def section(page: str, title: str | None) -> str:
    """Return the text below a heading, or all of it."""
    if title is None:
        return page
    parts = HEADING.split(page)
    return parts[parts.index(title) + 1]


def follow(page: Path, project: Path, title: str | None = None) -> set[str]:
    """Change the project as the page says; returns the files that it names.

    Raises AssertionError where a block does not fit its file.
    """
    files: set[str] = set()
    text = section(page.read_text(encoding="utf-8"), title)
    for block in BLOCK.finditer(text):
        named = list(FILE.finditer(text, 0, block.start()))
        if not named or block["kind"] not in {"diff", "sql"}:
            continue
        path = named[-1]["path"]
        files.add(path)
        apply_block(project / path, block["kind"], block["text"])
    return files


def apply_block(file: Path, kind: str, text: str) -> None:
    """Write a new file, or put the changed lines in the place that the others show."""
    if kind == "sql":
        assert not file.exists(), file
        file.write_text(text, encoding="utf-8")
        return
    lines = text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    content = file.read_text(encoding="utf-8")
    assert content.count(before) == 1, (
        f"{file.name} has this {content.count(before)} times:\n{before}"
    )
    file.write_text(content.replace(before, after), encoding="utf-8")
