"""What the dbt project is made of, and the copy of it that the installed package holds.

`setup.py` reads this list too, before anything is installed: nothing but Python's own is imported.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

# Files and folders of a checkout. Of `tests` only what dbt runs.
PROJECT_PARTS: Final = (
    "dbt_project.yml",
    "profiles.yml",
    "pii.yml",
    "analyses",
    "macros",
    "models",
    "seeds",
    "snapshots",
    "tests/dbt",
)
# In the source tree it does not exist; the build of the package makes it.
PACKAGED_PROJECT: Final = Path(__file__).resolve().parents[1] / "project"


def copy_project_files(source: Path, target: Path) -> None:
    """Copy the parts of a project into a folder, which may exist."""
    for part in PROJECT_PARTS:
        place = target / part
        place.parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(
                source / part,
                place,
                copy_function=shutil.copyfile,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        else:
            shutil.copyfile(source / part, place)


def copy_fresh_project(source: Path, target: Path) -> None:
    """Copy the parts of a project to where nothing of an earlier copy may stay."""
    shutil.rmtree(target, ignore_errors=True)
    copy_project_files(source, target)
