"""Does what a page of docs/develop says: its code blocks are changes of files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A heading, which ends with its file if it is about one; **1. `path`** before prose; a block.
PART: Final = re.compile(
    r"^(?P<heading>#+ [^\n]*)$"
    r"|^\*\*\d+\. `(?P<listed>[^`]+)`"
    r"|^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
FILE_OF_HEADING: Final = re.compile(r"`(?P<path>[\w./]+\.\w+)`$")
SECTION: Final = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
NEW_FILE: Final = {"sql", "yaml"}
# What the reader types.
TYPED: Final = "console"


def section(page: str, title: str | None) -> str:
    """Return the text below a heading, or all of it."""
    if title is None:
        return page
    parts = SECTION.split(page)
    return parts[parts.index(title) + 1]


def steps(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield file, kind and text of every block that changes a file."""
    path = ""
    for part in PART.finditer(text):
        if part["heading"]:
            named = FILE_OF_HEADING.search(part["heading"])
            path = named["path"] if named else ""
        elif part["listed"]:
            path = part["listed"]
        elif path and part["kind"] != TYPED:
            yield path, part["kind"], part["text"]


def follow(page: Path, project: Path, title: str | None = None) -> set[str]:
    """Change the project as the page says; returns the files that it names.

    Raises AssertionError where a block does not fit its file, or says nothing that can be done.
    """
    files: set[str] = set()
    for path, kind, text in steps(section(page.read_text(encoding="utf-8"), title)):
        files.add(path)
        apply_block(project / path, kind, text)
    return files


def apply_block(file: Path, kind: str, text: str) -> None:
    """Write a new file, or put the changed lines in the place that the others show."""
    if kind in NEW_FILE:
        assert not file.exists(), file
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return
    assert kind == "diff", f"{file}: a block of '{kind}' is no change"
    lines = text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    replace_once(file, before, after)


def replace_once(file: Path, before: str, after: str) -> None:
    """Replace a text that stands in a file once."""
    content = file.read_text(encoding="utf-8")
    assert content.count(before) == 1, (
        f"{file.name} has this {content.count(before)} times:\n{before}"
    )
    file.write_text(content.replace(before, after), encoding="utf-8")
