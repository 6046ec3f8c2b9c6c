"""Small text files of the runs, on disk or in Cloud Storage.

A name may hold one folder: `pending/x.jsonl`. A reader sees a whole file or none.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.credentials import cloud_storage
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.redaction import redact
from orchestrator.settings.groups import is_cloud, local_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud.storage import Bucket

    from orchestrator.settings.values import Settings

CLOUD_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class FilesOnDisk:
    """Files below a folder."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        """Write or replace a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                # After a power cut there must not be an empty file under the right name.
                os.fsync(file.fileno())
            Path(unfinished).replace(path)
        finally:
            Path(unfinished).unlink(missing_ok=True)

    def read(self, name: str) -> str | None:
        """Return the text of a file, or None when there is none."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def names(self, folder: str = "") -> tuple[str, ...]:
        """Return the files of a folder in the order of their names, each with its folder."""
        found = [path for path in (self.folder / folder).glob("[!.]*") if path.is_file()]
        return tuple(sorted(path.relative_to(self.folder).as_posix() for path in found))

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there is no error."""
        (self.folder / name).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class FilesInBucket:
    """Objects below a prefix of a bucket; the prefix ends with a slash."""

    bucket: Bucket
    prefix: str

    def write(self, name: str, text: str) -> None:
        """Write or replace an object."""
        blob = self.bucket.blob(self.prefix + name)
        blob.upload_from_string(text, content_type="application/json", timeout=CLOUD_SECONDS)

    def read(self, name: str) -> str | None:
        """Return the text of an object, or None when there is none."""
        from google.api_core.exceptions import NotFound

        try:
            data = self.bucket.blob(self.prefix + name).download_as_bytes(timeout=CLOUD_SECONDS)
        except NotFound:
            return None
        return bytes(data).decode()

    def names(self, folder: str = "") -> tuple[str, ...]:
        """Return the objects of a folder in the order of their names, each with its folder."""
        start = f"{self.prefix}{folder}/" if folder else self.prefix
        blobs = self.bucket.list_blobs(prefix=start, delimiter="/", timeout=CLOUD_SECONDS)
        return tuple(sorted(blob.name.removeprefix(self.prefix) for blob in blobs))

    def remove(self, name: str) -> None:
        """Remove an object; one that is not there is no error."""
        from google.api_core.exceptions import NotFound

        try:
            self.bucket.blob(self.prefix + name).delete(timeout=CLOUD_SECONDS)
        except NotFound:
            return


RunFiles = FilesOnDisk | FilesInBucket


def open_run_files(settings: Settings) -> RunFiles:
    """Return where the runs of these settings leave their files."""
    return open_files(settings, settings.runlog.place, "runs")


def open_files(settings: Settings, place: str, default: str) -> RunFiles:
    """Return the files of a place, by default a folder of that name in the state folder.

    Each warehouse has its own: what waits for one must not be loaded into another.
    """
    own = f"{settings.project}.{settings.dataset}"
    if not is_cloud(place):
        return FilesOnDisk(local_folder(place, settings.state_dir / default) / own)
    name, _, folder = place.removeprefix("gs://").partition("/")
    prefix = f"{folder.strip('/')}/{own}/".lstrip("/")
    return FilesInBucket(cloud_storage(settings).bucket(name), prefix)


def set_aside(files: RunFiles, name: str, text: str) -> None:
    """Move a file that cannot be used out of the way. Never raises: it may also stay."""

    def move() -> None:
        files.write(f"refused/{name.replace('/', '-')}", text)
        files.remove(name)

    problem_of(move)


def problem_of(action: Callable[[], object]) -> str:
    """Call something that must not end the run; return what went wrong, or ''."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - whatever it is, the run is not to blame
        known = as_concord_error(error)
        text = known.message if known else f"{type(error).__name__}: {error}"
        return redact(" ".join(text.split()))
    return ""
