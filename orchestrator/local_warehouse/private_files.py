"""Folders and files that only their owner can read."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def private_folder(folder: Path) -> None:
    """Make the folder, or shut one that others can read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        # A mounted folder may be another's, who decides.
        with suppress(PermissionError):
            folder.chmod(0o700)


def write_private(path: Path, text: str) -> None:
    """Write a file in one step, so that a reader never sees half of it."""
    # mkstemp gives 0600, whatever the umask.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)
