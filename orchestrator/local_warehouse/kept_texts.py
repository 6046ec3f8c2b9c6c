"""Texts that were expensive to make, kept in a file for the next process of the project."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Some twenty times what all models of the project need.
MAX_BYTES = 64 * 1024**2


class KeptTexts:
    """Maps a key to a text. A file that cannot be used is as good as an empty one."""

    def __init__(self, file: Path) -> None:
        self._database: sqlite3.Connection | None = None
        with suppress(sqlite3.Error, OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            self._database = _open(file)
            if file.stat().st_size > MAX_BYTES:
                self._database.execute("delete from texts")
                self._database.execute("vacuum")

    def get(self, key: str) -> str | None:
        """Return the text, or None when it is not known."""
        if self._database is None:
            return None
        with suppress(sqlite3.Error):
            row = self._database.execute("select text from texts where key = ?", [key]).fetchone()
            return row[0] if row else None
        return None

    def put(self, key: str, text: str) -> None:
        """Remember a text."""
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.execute("insert or replace into texts values (?, ?)", [key, text])


def _open(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=2, check_same_thread=False, isolation_level=None)
    # Several warehouses may use it at once. What a crash of the machine loses is made again.
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = off")
    database.execute("create table if not exists texts (key text primary key, text text not null)")
    return database
