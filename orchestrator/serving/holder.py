"""Holds the newest snapshot, and goes on serving the one before while a newer one is fetched."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.errors import InputError
from orchestrator.logs import get_logger
from orchestrator.serving.snapshot import Snapshot

if TYPE_CHECKING:
    from orchestrator.serving.place import SnapshotFile, SnapshotPlace

NONE_YET: Final = "write one: concord snapshot"


class SnapshotHolder:
    """Looks for a newer snapshot from time to time, on a thread of its own.

    Who holds the one before may go on reading it: its file goes with the second one after it.
    """

    def __init__(self, place: SnapshotPlace, refresh_seconds: float) -> None:
        """Hold nothing yet: `refresh` looks for the first one."""
        self._place = place
        self._refresh_seconds = refresh_seconds
        self._snapshot: Snapshot | None = None
        self._before: Snapshot | None = None
        self._refused: SnapshotFile | None = None
        self._is_over = threading.Event()
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        # Why the newest one could not be taken; empty when it was.
        self.problem = ""
        self.n_loaded = 0

    @property
    def snapshot(self) -> Snapshot:
        """Return the one that answers; raise where there is none."""
        if self._snapshot is None:
            raise InputError(self.problem or "there is no snapshot yet", NONE_YET)
        return self._snapshot

    @property
    def is_ready(self) -> bool:
        """Say whether there is one."""
        return self._snapshot is not None

    def refresh(self) -> bool:
        """Take the newest snapshot if it is another one; say whether it is."""
        newest: SnapshotFile | None = None
        try:
            newest = self._place.newest()
            if newest is None or newest == self._refused:
                return False
            if self._snapshot and self._snapshot.file == newest:
                return False
            self._scratch = self._scratch or tempfile.TemporaryDirectory(prefix="concord-serve-")
            path = self._place.fetch(newest, Path(self._scratch.name))
            self._take(Snapshot(path, newest))
        except Exception as error:  # noqa: BLE001 - the one before goes on answering
            # What is of no use is fetched once; a line that broke is tried again.
            self._refused = newest if isinstance(error, InputError) else None
            known = as_concord_error(error)
            problem = known.message if known else f"{type(error).__name__}: {error}"
            if problem != self.problem:
                get_logger().error("the newest snapshot cannot be taken", problem=problem)
            self.problem = problem
            return False
        self.problem = ""
        get_logger().info("snapshot", run_id=newest.run_id, name=newest.name)
        return True

    def _take(self, snapshot: Snapshot) -> None:
        """Answer from another snapshot."""
        if self._before is not None:
            self._before.path.unlink(missing_ok=True)
        self._before, self._snapshot, self._refused = self._snapshot, snapshot, None
        self.n_loaded += 1

    def start(self) -> None:
        """Take the newest one now, and look for newer ones."""
        self._is_over.clear()
        self.refresh()
        threading.Thread(target=self._look, name="snapshots", daemon=True).start()

    def stop(self) -> None:
        """Look no more, and remove what was fetched."""
        self._is_over.set()
        self._snapshot = self._before = self._refused = None
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    def _look(self) -> None:
        while not self._is_over.wait(self._refresh_seconds):
            self.refresh()
