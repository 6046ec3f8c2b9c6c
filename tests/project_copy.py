"""A copy of the dbt project, so that a test or a benchmark may change it and leave its traces."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from orchestrator.local_warehouse.state import TRANSLATIONS_FILE

ROOT: Final = Path(__file__).resolve().parents[1]
# pii.yml is no file of dbt: the page about a comparison adds to it.
PARTS: Final = (
    *("dbt_project.yml", "profiles.yml", "analyses", "macros", "models", "seeds", "snapshots"),
    *("tests/dbt", "pii.yml"),
)
STATE: Final = ".concord"


def copy_project(folder: Path, project: Path = ROOT) -> Path:
    """Copy the parts of a project into a folder that is there already."""
    for part in PARTS:
        source, target = project / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    return folder


def share_translations(folder: Path, project: Path = ROOT) -> None:
    """Let a copy know the statements that the local warehouse has translated for the project.

    Translating all of them takes longer than running them on a small sample.
    """
    known, link = project / STATE / TRANSLATIONS_FILE, folder / STATE / TRANSLATIONS_FILE
    for path in (known, link):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    link.symlink_to(known)
