"""Warehouses in which everything is built but the rows of a file.

Most of a small file's time would go into what is the same for every file: seeds, word lists, views
and the tables of the other entity. So an empty file is resolved once for each state of the project,
and what came out is kept. It holds what the project's seeds hold and nothing of any file.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.local_warehouse.private_files import private_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from orchestrator.dbt.artifacts import ManifestNode

WAREHOUSE_FILE: Final = "bqemulator.duckdb"
MANIFEST_FILE: Final = "manifest.msgpack"
CHANGING_FILE: Final = "changing.json"
# Two entities, with one change of the project and without it.
KEPT_FOLDERS: Final = 4
OTHER_ENTITY: Final = {"person": "company", "company": "person"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A kept warehouse, and what dbt has to know to go on with it."""

    folder: Path

    @property
    def manifest(self) -> Path:
        """Return the file of the manifest's part."""
        return self.folder / MANIFEST_FILE

    def changing(self, wanted: Collection[str]) -> tuple[str, ...]:
        """Return the models that have other rows with a file than without, as far as some need."""
        found = json.loads((self.folder / CHANGING_FILE).read_text(encoding="utf-8"))
        return tuple(name for name, needed in found.items() if not set(wanted).isdisjoint(needed))

    def move_warehouse(self, data_dir: Path) -> None:
        """Put the tables where a warehouse is about to start."""
        private_folder(data_dir)
        shutil.move(self.folder / WAREHOUSE_FILE, data_dir / WAREHOUSE_FILE)


class PreparedFolder:
    """The kept warehouses of a project. Commands that run at once may share it."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "prepared"

    def take(self, fingerprint: str, place: Path) -> Prepared | None:
        """Copy the one that was kept under a fingerprint to a place of one's own, if there is one.

        Another command may remove the kept one at any time.
        """
        kept = self._folder / fingerprint
        with suppress(FileNotFoundError):
            _copy(kept, place)
            os.utime(kept)
            return Prepared(place)
        shutil.rmtree(place, ignore_errors=True)
        return None

    def keep(self, prepared: Prepared, fingerprint: str) -> None:
        """Keep a copy for later commands; of two that were made at once, the first is kept."""
        private_folder(self._folder)
        unfinished = Path(tempfile.mkdtemp(dir=self._folder, prefix="."))
        try:
            _copy(prepared.folder, unfinished / "ready")
            # In one step: another command sees all of it or nothing.
            with suppress(OSError):
                (unfinished / "ready").rename(self._folder / fingerprint)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        self._remove_old_ones()

    def _remove_old_ones(self) -> None:
        def age(folder: Path) -> float:
            with suppress(FileNotFoundError):
                return -folder.stat().st_mtime
            return 0.0

        kept = [folder for folder in self._folder.iterdir() if not folder.name.startswith(".")]
        for old in sorted(kept, key=age)[KEPT_FOLDERS:]:
            shutil.rmtree(old, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder with the rights that new files get, whatever the old ones have."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    target.chmod(0o700)


def changing_models(
    manifest: Mapping[str, ManifestNode],
    built: Collection[str],
    sources: Collection[str],
    entity: str,
) -> tuple[str, ...]:
    """Return the names of the built tables that rows of this entity in tables of sources change.

    Views need not be built again. Neither need the other entity's tables, unless they read a table
    of this entity, as the names of companies read the employers of people: each of their rows goes
    back to a record of the other entity, and there is none.
    """
    fed = set(sources)
    while True:
        more = {name for name in built if fed.intersection(manifest[name].depends_on)} - fed
        if not more:
            break
        fed |= more
    nodes: Iterable[ManifestNode] = (manifest[name] for name in sorted(fed - set(sources)))
    own, others = (_beginnings(one) for one in (entity, OTHER_ENTITY[entity]))

    def reads_own(node: ManifestNode) -> bool:
        return any(manifest[key].name.startswith(own) for key in fed.intersection(node.depends_on))

    return tuple(
        node.name
        for node in nodes
        if node.materialized != "view" and (not node.name.startswith(others) or reads_own(node))
    )


def needing_models(
    manifest: Mapping[str, ManifestNode], built: Collection[str], wanted: Collection[str]
) -> dict[str, list[str]]:
    """Return for the name of each built model which of the wanted ones are made of it."""
    by_name = {manifest[key].name: key for key in built}
    needing: dict[str, list[str]] = {name: [] for name in by_name}
    for goal in wanted:
        seen: set[str] = set()
        left = [by_name[goal]] if goal in by_name else []
        while left:
            key = left.pop()
            if key not in seen:
                seen.add(key)
                needing[manifest[key].name].append(goal)
                left += [one for one in manifest[key].depends_on if one in built]
    return needing


def _beginnings(entity: str) -> tuple[str, ...]:
    return (f"int_{entity}_", f"{entity}_")
