"""A copy of the dbt project, so that a test or a benchmark may change it and leave its traces."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PARTS: Final = (
    *("dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "snapshots"),
    "tests/dbt",
)


def copy_project(folder: Path, project: Path = ROOT) -> Path:
    """Copy what dbt reads into a folder that is there already."""
    for part in PARTS:
        source, target = project / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    return folder
