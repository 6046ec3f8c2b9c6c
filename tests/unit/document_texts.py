"""What the documents say that can be true or false: blocks, code, headings, tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
OPERATE: Final = ROOT / "docs" / "operate"
MODEL: Final = ROOT / "docs" / "model"
GENERATED: Final = {".venv", ".concord", ".git", "build", "target", "node_modules", "dist"}
FENCE: Final = re.compile(
    r"^(?P<indent> *)(?P<mark>`{3,})(?P<language>[\w-]*)[^\n]*\n", re.MULTILINE
)
SPAN: Final = re.compile(r"(?<!`)(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, its lines without the fence, and where it begins."""

    language: str
    text: str
    line: int


def documents() -> list[Path]:
    """Return every Markdown file of the project, none that is generated."""
    return [
        path
        for path in sorted(ROOT.rglob("*.md"))
        if not GENERATED.intersection(path.relative_to(ROOT).parts[:-1])
    ]


@cache
def read(path: Path) -> str:
    """Return the text of a file."""
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str | None = None) -> list[Block]:
    """Return the fenced blocks of a document, those of one language if it is given."""
    text, found, begin = read(path), [], 0
    while opening := FENCE.search(text, begin):
        closing = re.compile(rf"^ *{opening['mark']} *$", re.MULTILINE).search(text, opening.end())
        assert closing, f"{path.name}: a block is never closed"
        line = text.count("\n", 0, opening.end()) + 1
        found.append(Block(opening["language"], text[opening.end() : closing.start()], line))
        begin = closing.end()
    return [block for block in found if language in (None, block.language)]


def without_blocks(path: Path) -> str:
    """Return the prose of a document, its fenced blocks taken out."""
    return re.sub(r"^ *(`{3,})[^\n]*\n.*?^ *\1 *$", "", read(path), flags=re.MULTILINE | re.DOTALL)


def code_of(path: Path) -> list[str]:
    """Return every code span on one line, and every line of every block."""
    spans = [" ".join(found[1].split()) for found in SPAN.findall(without_blocks(path))]
    return spans + [line for block in blocks(path) for line in _joined(block.text).splitlines()]


def _joined(text: str) -> str:
    """Join the lines that a backslash continues."""
    return re.sub(r"\\\n\s*", " ", text)


def headings(path: Path, level: int) -> list[str]:
    """Return the headings of one level, without their marks and backticks."""
    found = re.findall(rf"^{'#' * level} (.+)$", without_blocks(path), re.MULTILINE)
    return [heading.replace("`", "").strip() for heading in found]


def anchor(heading: str) -> str:
    """Return the anchor that GitHub makes of a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return kept.replace(" ", "-")


def section(path: Path, heading: str) -> str:
    """Return what stands below a heading, up to the next one of its level or a higher one."""
    text = read(path)
    found = re.search(rf"^(#+) {re.escape(heading)}\n", text, re.MULTILINE)
    assert found, f"{path.name} has no heading '{heading}'"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def table_rows(text: str) -> list[list[str]]:
    """Return the cells of all rows of Markdown tables, without their headers."""
    rows = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        is_rule = re.fullmatch(r"\|(?: *:?-+:? *\|)+", line)
        follows = number + 1 < len(lines) and re.fullmatch(
            r"\|(?: *:?-+:? *\|)+", lines[number + 1]
        )
        if line.startswith("|") and not is_rule and not follows:
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))])
    return rows
