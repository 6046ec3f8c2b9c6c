"""The rooms of `orchestrator`: a module imports from its own room and from lower ones."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "orchestrator"
DECISION: Final = ROOT / "docs" / "decisions" / "0028-rooms.md"
# From top to bottom.
ROOMS: Final = (
    *("cli", "commands", "command_line"),
    *("demo", "api", "proposal", "resolve", "report", "diff", "explain", "forget", "backup"),
    *("run", "serving"),
    *("health", "plan"),
    *("models", "alerts", "metrics", "run_log", "decisions", "load", "mapping", "reading"),
    *("lock", "dbt", "sources", "files", "logs"),
    *("bigquery", "local_warehouse", "settings"),
    *("steps", "interruption", "redaction", "errors"),
)
MOST_MODULES_AT_THE_TOP: Final = 5


def rooms_of(package: Path) -> set[str]:
    """Return the folders and modules of a package."""
    modules = {path.relative_to(package).parts[0] for path in package.rglob("*.py")}
    return {name.removesuffix(".py") for name in modules} - {"__init__"}


def run_time_imports(node: ast.AST) -> Iterator[str]:
    """Yield what a module imports, also inside functions; not what only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for statement in child.orelse:
                yield from run_time_imports(statement)
        elif isinstance(child, ast.Import):
            yield from (name.name for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from (f"{'.' * child.level}{child.module or ''}.{n.name}" for n in child.names)
        else:
            yield from run_time_imports(child)


def upward_imports(package: Path, rooms: tuple[str, ...]) -> list[str]:
    """Return every import of a higher room, and every one that does not say its room."""
    found = []
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        for name in run_time_imports(ast.parse(path.read_text(encoding="utf-8"))):
            first, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            is_inside = first == package.name and other in rooms and room in rooms
            if not first or (is_inside and rooms.index(other) < rooms.index(room)):
                found.append(f"{path.relative_to(package)}: {name}")
    return found


def test_no_module_imports_from_a_higher_room() -> None:
    assert rooms_of(PACKAGE) == set(ROOMS)
    assert upward_imports(PACKAGE, ROOMS) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from house.roof import tile\n", ["cellar/wine.py: house.roof.tile"]),
        ("def f():\n    import house.roof.tile\n", ["cellar/wine.py: house.roof.tile"]),
        ("from house import roof\n", ["cellar/wine.py: house.roof"]),
        ("from ..roof import tile\n", ["cellar/wine.py: ..roof.tile"]),
        ("if TYPE_CHECKING:\n    from house.roof import tile\n", []),
        ("from house.cellar.rack import row\nfrom house.ground import stone\n", []),
    ],
)
def test_an_import_upwards_is_found(tmp_path: Path, text: str, found: list[str]) -> None:
    module = tmp_path / "house" / "cellar" / "wine.py"
    module.parent.mkdir(parents=True)
    module.write_text(text, encoding="utf-8")
    assert upward_imports(tmp_path / "house", ("roof", "cellar", "ground")) == found


def test_few_modules_are_rooms_of_their_own() -> None:
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert len(modules) <= MOST_MODULES_AT_THE_TOP


def test_the_decision_lists_the_rooms_in_their_order() -> None:
    table = DECISION.read_text(encoding="utf-8").split("| room | question |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert tuple(room for row in rows for room in re.findall(r"`(\w+)`", row)) == ROOMS
