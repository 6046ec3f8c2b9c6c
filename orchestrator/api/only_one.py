"""One service with a key of its own per state folder: another one would take its key away."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from orchestrator.errors import ConfigurationError
from orchestrator.local_warehouse.private_files import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.settings.values import Settings

LOCK_FILE: Final = "serve.lock"
# Beside the lock, which is emptied whenever somebody asks for it.
HOLDER_FILE: Final = "serve.holder"


@contextmanager
def only_service(settings: Settings) -> Iterator[None]:
    """Hold the state folder for a service that writes a key there; refuse while another one does.

    The system gives the lock back when the process ends, however it ends. A service that takes
    tokens of an issuer writes no key, and several may share a folder.
    """
    serve, folder = settings.serve, settings.state_dir
    if serve.issuer is not None:
        yield
        return
    private_folder(folder)
    lock = FileLock(folder / LOCK_FILE, mode=0o600, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        holder = folder / HOLDER_FILE
        known = holder.read_text(encoding="utf-8") if holder.exists() else "another process"
        raise ConfigurationError(
            f"a service runs on {folder} already: {known}",
            "use that one, or end it; for a second one set another CONCORD_STATE_FOLDER",
        ) from error
    try:
        address = f"http://{serve.host}:{serve.port}"
        write_private(folder / HOLDER_FILE, f"{address}, process {os.getpid()}")
        yield
    finally:
        lock.release()
