"""Says that a selected name does not exist before anything runs, and which one may be meant.

dbt takes a misspelt name for an empty selection. Names of files are looked up in the folders; only
a name that is none of them is given to dbt, which knows generated tests and packages too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.request import RunRequest
from orchestrator.errors import ConfigurationError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from orchestrator.dbt.runner import DbtRunner

# Around a name: `+name`, `name+`, `2+name`, `@name`. A method, a path or a `*` is for dbt alone.
_PLAIN: Final = re.compile(r"(?:@|\d*\+)?(?P<name>[A-Za-z_]\w*)(?:\+\d*)?")
FOLDERS: Final = ("models", "seeds", "snapshots", "tests", "analyses")
SUFFIXES: Final = frozenset({".sql", ".csv", ".py"})


def check_names(runner: DbtRunner, project_dir: Path, request: RunRequest) -> None:
    """Raise an error that names the first name that selects nothing."""
    known = known_names(project_dir)
    for name in plain_names((*request.select, *request.exclude)):
        if name not in known and not runner.selected(RunRequest(select=(name,))):
            raise ConfigurationError(
                f"nothing in the project is called '{name}'{did_you_mean(name, known)}",
                "correct the name; 'dbt ls' lists what there is",
            )


def plain_names(selectors: Iterable[str]) -> tuple[str, ...]:
    """Return the bare names in selectors: `+a,tag:x b+` holds a and b."""
    parts = (part for selector in selectors for part in re.split(r"[\s,]+", selector))
    found = (_PLAIN.fullmatch(part) for part in parts)
    return tuple(dict.fromkeys(match["name"] for match in found if match))


def known_names(project_dir: Path) -> frozenset[str]:
    """Return the names of all models, seeds, snapshots and tests, and of their folders."""
    names: set[str] = set()
    for folder in FOLDERS:
        for path in (project_dir / folder).rglob("*"):
            if path.is_dir():
                names.add(path.name)
            elif path.suffix in SUFFIXES:
                names.add(path.stem)
    return frozenset(names)
