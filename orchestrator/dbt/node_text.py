"""How the failure of a node is told: the words of dbt, line by line, with the files to look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LINES: Final = 14
LONGEST_LINE: Final = 300
MOST_NAMES: Final = 8
# Failures of one run that are told in full.
MOST_FAILURES: Final = 10
_HEADING: Final = re.compile(r"^\s*(?P<kind>\w+ Error) in [\w ]+ \((?P<path>[^)\n]+)\)\s*$")
_STATEMENT: Final = re.compile(r"^ *LINE \d+: .*\n *\^.*$", re.MULTILINE)
_COMPILED: Final = re.compile(r"^\s*compiled code at (?P<path>\S.*?)\s*$")


def failure_text(name: str, what: str, message: str) -> str:
    """Return a failure as a paragraph: name and class, file, message, compiled file.

    The lines of the message stay as they are: a mark points at something in the line above it.
    """
    path = compiled = ""
    kept: list[str] = []
    for line in message.expandtabs().splitlines():
        if (found := _HEADING.match(line)) and not kept:
            path = found["path"]
        elif found := _COMPILED.match(line):
            compiled = found["path"]
        elif line.strip():
            kept.append(line.rstrip())
    indent = min((len(line) - len(line.lstrip()) for line in kept), default=0)
    shown = [_cut(line[indent:]) for line in kept[:MOST_LINES]]
    if len(kept) > MOST_LINES:
        shown.append(f"and {len(kept) - MOST_LINES} more lines")
    lines = [f"{name} ({what})"]
    lines += [f"  in {path}"] if path else []
    lines += [f"  {line}" for line in shown]
    lines += [f"  compiled: {compiled}"] if compiled else []
    return "\n".join(lines)


def in_one_line(message: str) -> str:
    """Return what a message says, without its files and without the statement it points into."""
    said = _STATEMENT.sub("", message).splitlines()
    kept = (line for line in said if not _HEADING.match(line) and not _COMPILED.match(line))
    return " ".join(" ".join(kept).split())


def some_names(names: Iterable[str], limit: int = MOST_NAMES) -> str:
    """Name the first of many things, and say how many there are."""
    known = list(names)
    more = f" and {len(known) - limit} more" if len(known) > limit else ""
    return ", ".join(known[:limit]) + more


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}..."
