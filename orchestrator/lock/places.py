"""Where a lock can lie. A place keeps one text and replaces it only if nobody did so meanwhile."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from filelock import FileLock, Timeout

from orchestrator.bigquery.credentials import cloud_storage
from orchestrator.bigquery.ensure import right_in
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.errors import (
    ConfigurationError,
    LoginRefused,
    WarehouseRefused,
    WarehouseUnavailable,
)
from orchestrator.settings.groups import (
    LOCK_FILE_SECONDS,
    LOCK_OBJECT_SECONDS,
    is_cloud,
    local_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from google.cloud.storage import Client

    from orchestrator.settings.values import Settings

GUARD_SECONDS: Final = LOCK_FILE_SECONDS
REQUEST_SECONDS: Final = 3.0
# The last repetition may begin at the end of this time.
RETRY_SECONDS: Final = LOCK_OBJECT_SECONDS - REQUEST_SECONDS


class LockPlace(Protocol):
    """A text with a version. `replace` is all or nothing, however many do it at once."""

    name: str
    is_on_this_machine: bool

    def read(self) -> tuple[str, Any]:
        """Return the text ("" when there is none) and its version."""

    def replace(self, text: str, version: Any) -> Any | None:  # noqa: ANN401 - each place its own
        """Write the text if the version is still that one; return the new version, else None.

        Raises when it cannot be known whether it still is: that is no loss of the lock.
        """


class FilePlace:
    """A file. Its version is its text: no two texts of a lock are equal."""

    is_on_this_machine = True

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path

    def read(self) -> tuple[str, str]:
        """Return the text twice: it is its own version."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            text = ""
        return text, text

    def replace(self, text: str, version: str) -> str | None:
        """Write the text if the file still holds `version`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Held for milliseconds, and freed by the system when its holder dies.
            with FileLock(f"{self._path}.guard", timeout=GUARD_SECONDS):
                if self.read()[0] != version:
                    return None
                self._write(text)
        except Timeout as error:
            raise TimeoutError(f"others were writing for {GUARD_SECONDS:g} s") from error
        return text

    def _write(self, text: str) -> None:
        # Written beside it and renamed: readers never see half a lock, nor does a power cut.
        beside = self._path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


class CloudPlace:
    """An object in Cloud Storage. Its version is its generation, 0 when there is no object."""

    is_on_this_machine = False

    def __init__(self, place: str, file_name: str, client: Client) -> None:
        from google.cloud.storage.retry import DEFAULT_RETRY

        bucket, _, folder = place.removeprefix("gs://").partition("/")
        path = "/".join(part for part in (folder.strip("/"), file_name) if part)
        self.name = f"gs://{bucket}/{path}"
        self._bucket = client.bucket(bucket)
        self._path = path
        # Safe for writes too: the generation lets each of them happen only once.
        self._limits = {
            "timeout": REQUEST_SECONDS,
            "retry": DEFAULT_RETRY.with_timeout(RETRY_SECONDS),
        }

    def read(self) -> tuple[str, int]:
        """Return the text and the generation."""
        from google.api_core.exceptions import NotFound

        blob = self._bucket.blob(self._path)
        try:
            text = blob.download_as_bytes(**self._limits).decode()
        except NotFound:
            return "", 0
        return text, int(blob.generation or 0)

    def replace(self, text: str, version: int) -> int | None:
        """Write the object if its generation is still `version`."""
        from google.api_core.exceptions import PreconditionFailed

        blob = self._bucket.blob(self._path)
        try:
            blob.upload_from_string(
                text,
                content_type="application/json",
                if_generation_match=version,
                **self._limits,
            )
        except PreconditionFailed:
            return None
        return int(blob.generation or 0)


def lock_place(settings: Settings) -> LockPlace:
    """Return the place that the settings name."""
    place = settings.lock.place
    # What is written to is a dataset of a project, whatever the target is called.
    file_name = f"lock-{settings.project}.{settings.dataset}.json"
    if not is_cloud(place):
        return FilePlace(local_folder(place, settings.state_dir) / file_name)
    with clear_errors(place):
        return CloudPlace(place, file_name, cloud_storage(settings))


@contextmanager
def clear_errors(place: str) -> Iterator[None]:
    """Say in words for the user why the place of the lock cannot be used."""
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError

    try:
        yield
    except (OSError, GoogleAPIError, GoogleAuthError) as error:
        if right := right_in(error):
            raise ConfigurationError(
                f"the account may not use the lock {place}: it lacks {right}",
                "grant it roles/storage.objectUser on the bucket",
            ) from error
        known = as_concord_error(error)
        if isinstance(known, LoginRefused):
            text = f"the lock {place} cannot be used: {known.message}"
            raise LoginRefused(text, known.what_to_do) from error
        is_refused = isinstance(known, WarehouseRefused) or isinstance(error, PermissionError)
        raise (ConfigurationError if is_refused else WarehouseUnavailable)(
            f"the lock {place} cannot be used: {error}",
            "check CONCORD_LOCK_PLACE, the rights and the free space there, and run again",
        ) from error
