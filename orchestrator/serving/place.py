"""Where snapshots lie: a folder or a bucket with snapshots, and a file that names the newest.

A snapshot never changes; its file is named by its run and the time when it was made. `newest.json`
is replaced when the file is there, so that a reader finds a whole snapshot or the one before.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.files.state_files import FilesOnDisk, open_files
from orchestrator.local_warehouse.private_files import private_folder
from orchestrator.reading.text_files import content_hash

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.files.state_files import RunFiles
    from orchestrator.settings.values import Settings

NEWEST: Final = "newest.json"
DEFAULT_FOLDER: Final = "snapshots"
ENDING: Final = ".sqlite"
# A reader may still be fetching the one before the newest.
KEPT: Final = 3
UPLOAD_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A snapshot, by its file. `run_id` made what it holds, which is as of `data_as_of`."""

    name: str
    format: int
    run_id: str
    data_as_of: str
    bytes: int
    sha256: str


class SnapshotPlace:
    """The snapshots of a warehouse."""

    def __init__(self, settings: Settings) -> None:
        """Open the place that the settings name; by default a folder in the state folder."""
        self.files: RunFiles = open_files(settings, settings.serve.snapshots, DEFAULT_FOLDER)

    def newest(self) -> SnapshotFile | None:
        """Return the newest snapshot; None where there is none yet."""
        text = self.files.read(NEWEST)
        if text is None:
            return None
        try:
            found = json.loads(text)
            return SnapshotFile(**{field.name: found[field.name] for field in fields(SnapshotFile)})
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{NEWEST} of the snapshots is damaged", "write a new one: concord snapshot"
            ) from error

    def put(self, path: Path, snapshot: SnapshotFile) -> None:
        """Take a finished snapshot; the path is gone afterwards where both are on one disk."""
        if isinstance(self.files, FilesOnDisk):
            private_folder(self.files.folder)
            # What an earlier call that was killed has left.
            for left in self.files.folder.glob(f".*{ENDING}"):
                left.unlink(missing_ok=True)
            unfinished = self.files.folder / f".{snapshot.name}"
            path.chmod(0o600)
            shutil.move(path, unfinished)
            unfinished.rename(self.files.folder / snapshot.name)
        else:
            blob = self.files.bucket.blob(self.files.prefix + snapshot.name)
            blob.upload_from_filename(str(path), timeout=UPLOAD_SECONDS)
        self.files.write(NEWEST, json.dumps(asdict(snapshot), indent=2))
        self._remove_old_ones()

    def fetch(self, snapshot: SnapshotFile, scratch: Path) -> Path:
        """Return a whole snapshot on this machine; refuse one that was cut off or changed."""
        path = scratch / snapshot.name
        if isinstance(self.files, FilesOnDisk):
            _take(self.files.folder / snapshot.name, path)
        else:
            blob = self.files.bucket.blob(self.files.prefix + snapshot.name)
            blob.download_to_filename(str(path), timeout=UPLOAD_SECONDS)
        if (
            not path.is_file()
            or path.stat().st_size != snapshot.bytes
            or (content_hash(path) != snapshot.sha256)
        ):
            path.unlink(missing_ok=True)
            raise InputError(
                f"the snapshot {snapshot.name} is not whole", "write a new one: concord snapshot"
            )
        return path

    def names(self) -> list[str]:
        """Return the names of all snapshots that are there, the oldest first."""
        return [name for name in self.files.names() if name.endswith(ENDING)]

    def keep_only(self, kept: str) -> None:
        """Remove all snapshots but one."""
        for name in self.names():
            if name != kept:
                self.files.remove(name)

    def _remove_old_ones(self) -> None:
        for name in self.names()[:-KEPT]:
            self.files.remove(name)


def _take(source: Path, target: Path) -> None:
    """Hold on to a file that others may remove: by a second name, else as a copy."""
    target.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        try:
            target.hardlink_to(source)
        except OSError:
            shutil.copyfile(source, target)
