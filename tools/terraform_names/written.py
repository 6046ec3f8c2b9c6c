"""The blocks of infrastructure/terraform, as they are written: no Terraform is run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import hcl2

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "infrastructure" / "terraform"


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """One block of a kind that has a type and a name: a resource or what is looked up."""

    kind: str
    type: str
    name: str
    body: dict[str, Any]

    @property
    def address(self) -> str:
        """Return what other blocks call it."""
        return f"{'data.' if self.kind == 'data' else ''}{self.type}.{self.name}"


def written_blocks(folder: Path = FOLDER) -> list[WrittenBlock]:
    """Return every resource and every `data` block of a folder."""
    return [
        WrittenBlock(kind, unquoted(of_type), unquoted(name), body)
        for kind in ("resource", "data")
        for block in blocks_of(folder, kind)
        for of_type, bodies in block.items()
        for name, body in bodies.items()
    ]


def local_values(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what each name under `locals` is said to be."""
    found: dict[str, Any] = {}
    for block in blocks_of(folder, "locals"):
        found.update(without_marks(block))
    return found


def blocks_of(folder: Path, kind: str) -> Iterator[dict[str, Any]]:
    """Return the blocks of a kind in all files of a folder."""
    for path in sorted(folder.glob("*.tf")):
        yield from _parsed(path.read_text("utf-8")).get(kind, ())


def kinds_of_blocks(folder: Path = FOLDER) -> set[str]:
    """Return every kind of block that stands in a folder."""
    paths = sorted(folder.glob("*.tf"))
    return {name for path in paths for name in without_marks(_parsed(path.read_text("utf-8")))}


def without_marks(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body without the comments and marks of the reader."""
    return {name: value for name, value in body.items() if not name.startswith("__")}


def unquoted(text: str) -> str:
    """Return a text without its quotes, an expression without what marks it as one."""
    if text.startswith("${") and text.endswith("}") and text.count("${") == 1:
        return text[2:-1]
    return text.strip('"')


@cache
def _parsed(text: str) -> dict[str, Any]:
    # By its text: a file that a test has changed is read anew, and all others once.
    return hcl2.loads(text)
