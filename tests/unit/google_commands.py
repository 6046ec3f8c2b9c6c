"""Every command of Google's CLI that a page, a script or a message names.

A name of the CLI with a word behind it is taken for one: in prose the name alone is in backticks.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.unit.document_texts import GENERATED, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# Tests have stand-ins and mistakes on purpose; nothing is lost in lists of words.
LEFT_OUT: Final = GENERATED | {"tests", "seeds"}
KINDS: Final = {"", ".md", ".py", ".sh", ".sql", ".tf", ".toml", ".tftpl", ".tfvars"}
KINDS_OF_SETTINGS: Final = {".yaml", ".yml"}
BEGIN: Final = re.compile(r"(?<![\w./@-])(?:gcloud|bq) +(?=[-a-z])")
ARRAY: Final = re.compile(r"^(\w+)=\(([^()\n]*)\)$", re.MULTILINE)
NUMBER: Final = re.compile(r"^(\w+)=(\d+)$", re.MULTILINE)
# What a page, GitHub or Terraform puts a value in place of.
HOLE: Final = re.compile(r"\$\{\{.*?\}\}|\$\{\w+(?:\.\w+|\[[^]@]*\])+\}|<\w+>")


@dataclass(frozen=True, slots=True)
class GoogleCommand:
    """One command as it is written, and where."""

    place: str
    words: tuple[str, ...]
    # A page may name a command without what it needs; a script may not.
    is_run: bool

    def __str__(self) -> str:
        return f"{self.place}: {shlex.join(self.words)}"


def google_commands(root: Path = ROOT) -> list[GoogleCommand]:
    """Return the commands of all files below a folder."""
    return [command for path in _files(root) for command in _commands_of(path, root)]


def _files(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if name not in LEFT_OUT)
        paths = [Path(folder, name) for name in sorted(names)]
        yield from (path for path in paths if path.suffix in KINDS | KINDS_OF_SETTINGS)


def _commands_of(path: Path, root: Path) -> Iterator[GoogleCommand]:
    inside = path.relative_to(root)
    text = path.read_text(encoding="utf-8", errors="replace")
    is_run = inside.parts[0] == ".ci" or inside.parts[:2] == (".github", "workflows")
    if path.suffix == ".md":
        # A span may go on in the next line; in a table its pipes are escaped.
        text = re.sub(r"(?<!`)`[^`]+`(?!`)", lambda span: span[0].replace("\n", " "), text)
    arrays = {name: shlex.split(words) for name, words in ARRAY.findall(text)}
    numbers = dict(NUMBER.findall(text))
    for found in BEGIN.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        words = _words(_rest(text, found.start()))
        whole = [word for one in words for word in _expanded(one, arrays, numbers)]
        yield GoogleCommand(f"{inside}:{line}", tuple(whole), is_run)


def _rest(text: str, begin: int) -> str:
    """Return what belongs to a command that begins there: up to a quote's or the line's end."""
    mark = text[begin - 1 : begin]
    ends = r"\n|`" + (f"|{mark}" if mark in {"'", '"'} else "")
    rest = re.sub(r"\\\n\s*", " ", text[begin:])
    return HOLE.sub("example", re.split(ends, rest, maxsplit=1)[0])


def _words(text: str) -> Iterator[str]:
    """Read words as a shell does, until something else begins: a pipe, a bracket, a redirection."""
    reader = shlex.shlex(text, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    reader.commenters = ""
    while (word := reader.get_token()) is not None and not re.fullmatch(r"[();<>|&\\]+", word):
        yield word


def _expanded(word: str, arrays: dict[str, list[str]], numbers: dict[str, str]) -> list[str]:
    """Put in what the script itself says; for all that is known only when it runs, a word."""
    if whole := re.fullmatch(r"\$\{(\w+)\[@\]\}", word):
        return [_filled(one, numbers) for one in arrays[whole[1]]]
    return [_filled(word, numbers)]


def _filled(word: str, numbers: dict[str, str]) -> str:
    # A page writes P for a project; gcloud takes only what can be one.
    word = re.sub(r"^[A-Z]$|\$\(<[^)]*\)", "example", word)
    return re.sub(r"\$\{?(\w+)\}?", lambda name: numbers.get(name[1], "example"), word)
