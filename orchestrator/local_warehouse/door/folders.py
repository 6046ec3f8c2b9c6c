"""DuckDB and the jobs read uploaded files and write asked-for exports, and touch no others.

Stock: any statement reads and writes every file of the owner (`read_text`, COPY), and so do load
and extract jobs with a `file://` address.
"""

# A guard replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bqemulator.domain.errors import InvalidQueryError
from bqemulator.jobs import executor
from bqemulator.storage.engine import DuckDBEngine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bqemulator.api.dependencies import AppContext
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Folders:
    """What the engine may touch besides its own file, log and temporary files."""

    uploads: Path
    # Where the owner of a private warehouse wants extracted tables.
    exports: Path | None

    def resolved(self) -> tuple[Path, ...]:
        """Return the folders without links."""
        return tuple(folder.resolve() for folder in (self.uploads, self.exports) if folder)


def apply(folders: Folders) -> None:
    """Shut the engine in once it has started, and look at the addresses of jobs."""
    allowed = folders.resolved()
    stock_start = DuckDBEngine.start
    stock_resolve = executor._resolve_uri

    async def start(self: DuckDBEngine) -> None:
        await stock_start(self)
        for folder in allowed:
            folder.mkdir(parents=True, exist_ok=True)
        _shut_in(self.connection, allowed)

    def resolve_uri(uri: str, ctx: AppContext) -> str:
        path: str = stock_resolve(uri, ctx)
        if not set(allowed) & set(Path(path).resolve().parents):
            raise InvalidQueryError(
                f"The local warehouse reads and writes no files outside of its folder: {uri}. "
                "Send the rows with the request, as load_table_from_file does."
            )
        return path

    DuckDBEngine.start = start
    executor._resolve_uri = resolve_uri


def _shut_in(connection: DuckDBPyConnection, allowed: Iterable[Path]) -> None:
    # The data file, its log and the temporary folder stay open to DuckDB itself.
    connection.execute("set autoload_known_extensions = false")
    connection.execute("set allow_persistent_secrets = false")
    connection.execute("set allowed_directories = ?", [[str(folder) for folder in allowed]])
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
