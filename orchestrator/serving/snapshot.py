"""One open snapshot: rows by a key, and entities by a name."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError
from orchestrator.serving.contents import FORMAT

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.serving.place import SnapshotFile

# Bytes of the file that one connection may map, instead of copying its pages.
MAPPED_BYTES: Final = 256 << 20
Row = dict[str, Any]


class Snapshot:
    """A snapshot that many threads read at once; it never changes."""

    def __init__(self, path: Path, file: SnapshotFile) -> None:
        """Open it; refuse one that another version of Concord has written."""
        self.path = path
        self.file = file
        self._own = threading.local()
        try:
            (found,) = self.rows("select value from facts where name = 'format'")
            self._otherwise = self._other_columns()
        except (sqlite3.Error, ValueError) as error:
            raise InputError(
                f"the snapshot {file.name} cannot be read", "write a new one: concord snapshot"
            ) from error
        if found["value"] != str(FORMAT):
            raise InputError(
                f"the snapshot {file.name} has format {found['value']}, known is {FORMAT}",
                "write a new one with this version: concord snapshot",
            )

    @property
    def run_id(self) -> str:
        """Return the run that made the data."""
        return self.file.run_id

    @property
    def data_as_of(self) -> str:
        """Return when the oldest of its tables was published."""
        return self.file.data_as_of

    def rows(self, sql: str, *values: str | int) -> list[Row]:
        """Return rows of a query whose values are parameters."""
        cursor = self._connection().execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def table(self, name: str, sql: str = "", *values: str | int) -> list[Row]:
        """Return rows of one table, lists and truth values as they were; `sql` follows its name."""
        found = self.rows(f"select * from {name} {sql}", *values)
        for column, kind in self._otherwise.get(name, {}).items():
            for row in found:
                if row[column] is not None:
                    row[column] = json.loads(row[column]) if kind == "json" else bool(row[column])
        return found

    def _other_columns(self) -> dict[str, dict[str, str]]:
        kept: dict[str, dict[str, str]] = {}
        for row in self.rows("select table_name, column_name, kind from kept_otherwise"):
            kept.setdefault(row["table_name"], {})[row["column_name"]] = row["kind"]
        return kept

    def _connection(self) -> sqlite3.Connection:
        known: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if known is None:
            # Immutable: no lock is looked for, and no thread waits for another one.
            known = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True
            )
            known.execute(f"pragma mmap_size = {MAPPED_BYTES}")
            self._own.connection = known
        return known
