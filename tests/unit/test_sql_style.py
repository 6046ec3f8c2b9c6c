"""What docs/develop/sql-style.md says of SQL that sqlfluff cannot parse, and of queries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
LONGEST_LINE: Final = 120
PARTS: Final = ("analyses", "models", "macros", "snapshots", "tests/dbt")
# Patterns of regular expressions cannot be broken.
UNBREAKABLE: Final = re.compile(r"\br'")
JINJA: Final = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
COMMENT: Final = re.compile(r"\{#.*?#\}", re.DOTALL)
TEXTS: Final = re.compile(
    r"'''.*?'''|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|--[^\n]*", re.DOTALL
)
UPPER_KEYWORD: Final = re.compile(
    r"\b(?:SELECT|FROM|WHERE|JOIN|WITH|UNION|GROUP BY|ORDER BY|CASE|WHEN|NULL|CAST|COALESCE)\b"
)
WITH_AND_MORE: Final = re.compile(r"^\s*with (?!recursive$)[a-z_{]", re.MULTILINE)
UNNAMED_JOIN: Final = re.compile(r"^\s*(?:right |full )?join |\busing \(", re.MULTILINE)
LAST_LINE: Final = re.compile(r"select \* from \w+")


def files() -> list[Path]:
    """Return all SQL of the project."""
    return sorted(path for part in PARTS for path in (ROOT / part).rglob("*.sql"))


def macros() -> list[Path]:
    """Return what sqlfluff does not read: macros and generic tests."""
    generic = (ROOT / "tests" / "dbt" / "generic").rglob("*.sql")
    return sorted([*(ROOT / "macros").rglob("*.sql"), *generic])


def name(path: Path) -> str:
    """Return the path of a file as the repository has it."""
    return path.relative_to(ROOT).as_posix()


def bare(path: Path) -> str:
    """Return the SQL of a file without Jinja, texts and comments."""
    return TEXTS.sub("''", JINJA.sub("", path.read_text(encoding="utf-8")))


def test_there_are_files_to_read() -> None:
    assert len(files()) > 300
    assert len(macros()) > 100


def test_lines_of_macros_are_as_short_as_those_of_models() -> None:
    long = [
        f"{name(path)}:{number}: {len(line)}"
        for path in macros()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE and not UNBREAKABLE.search(line)
    ]
    assert long == []


def test_macros_are_indented_by_four_spaces_and_leave_no_space_behind() -> None:
    wrong = []
    for path in macros():
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), name(path)
        assert not text.endswith("\n\n"), name(path)
        for number, line in enumerate(COMMENT.sub(_blank, text).splitlines(), start=1):
            indent = len(line) - len(line.lstrip(" "))
            if line.strip() and (indent % 4 or "\t" in line):
                wrong.append(f"{name(path)}:{number}")
        wrong += [f"{name(path)}: {line}" for line in text.splitlines() if line != line.rstrip()]
    assert wrong == []


def _blank(comment: re.Match[str]) -> str:
    """Keep the lines of a comment, and nothing in them."""
    return "\n" * comment.group().count("\n")


def test_keywords_are_lower_case_in_macros() -> None:
    assert [name(path) for path in macros() if UPPER_KEYWORD.search(bare(path))] == []


def test_with_stands_alone() -> None:
    wrong = [name(path) for path in files() if WITH_AND_MORE.search(path.read_text("utf-8"))]
    assert wrong == []


def test_joins_are_named_and_say_their_condition() -> None:
    assert [name(path) for path in files() if UNNAMED_JOIN.search(bare(path))] == []


@pytest.mark.parametrize("part", ["models", "macros"])
def test_a_query_of_ctes_ends_with_the_last_of_them(part: str) -> None:
    wrong = []
    for path in (path for path in files() if name(path).startswith(part)):
        text = path.read_text(encoding="utf-8")
        if not re.search(r"^with$", text, re.MULTILINE):
            continue
        lines = [line for line in text.splitlines() if line and not line.startswith("{%")]
        if not LAST_LINE.fullmatch(lines[-1]):
            wrong.append(f"{name(path)}: {lines[-1]}")
    assert wrong == []
