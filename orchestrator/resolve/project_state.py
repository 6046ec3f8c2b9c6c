"""Names the state of everything that a prepared warehouse is made from."""

from __future__ import annotations

import hashlib
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.parse_cache import ParseCache
from orchestrator.local_warehouse.versions import installed_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.settings.values import Settings

# Of the project's folder; tests make no tables.
_MADE_FROM: Final = ("macros", "models", "seeds", "snapshots")
_DBT: Final = ("dbt-core", "dbt-bigquery", "dbt-adapters")
_CODE: Final = Path(__file__).resolve().parents[1]


def project_state(settings: Settings, entity: str) -> str:
    """Return a name that another file, setting or version gives another value."""
    versions = [sys.version, *(f"{name} {metadata.version(name)}" for name in _DBT)]
    versions += [f"{name} {version}" for name, version in sorted(installed_versions().items())]
    digest = hashlib.sha256()
    # The cache's name stands for all settings that reach dbt.
    for text in (entity, ParseCache(settings).path.name, *versions):
        digest.update(text.encode() + b"\0")
    for root, path in _files(settings.project_dir):
        content = hashlib.sha256(path.read_bytes()).digest()
        digest.update(str(path.relative_to(root)).encode() + b"\0" + content)
    return digest.hexdigest()[:32]


def _files(project_dir: Path) -> Iterator[tuple[Path, Path]]:
    for path in sorted(project_dir.glob("*.yml")):
        yield project_dir, path
    for name in _MADE_FROM:
        for path in sorted((project_dir / name).rglob("*")):
            if path.is_file():
                yield project_dir, path
    for path in sorted(_CODE.rglob("*.py")):
        yield _CODE, path
