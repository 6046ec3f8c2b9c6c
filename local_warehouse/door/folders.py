"""DuckDB and the jobs read uploaded files, and no others.

Stock: any statement reads and writes every file of the owner (`read_text`, COPY), and so do load
and extract jobs with a `file://` address.
"""

# A guard replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bqemulator.domain.errors import InvalidQueryError
from bqemulator.jobs import executor
from bqemulator.storage.engine import DuckDBEngine

if TYPE_CHECKING:
    from bqemulator.api.dependencies import AppContext


def apply(uploads_dir: Path) -> None:
    """Shut the engine in once it has started, and look at the addresses of jobs."""
    uploads = uploads_dir.resolve()
    stock_start = DuckDBEngine.start
    stock_resolve = executor._resolve_uri

    async def start(self: DuckDBEngine) -> None:
        await stock_start(self)
        _shut_in(self.connection, uploads)

    def resolve_uri(uri: str, ctx: AppContext) -> str:
        path: str = stock_resolve(uri, ctx)
        if uploads not in Path(path).resolve().parents:
            raise InvalidQueryError(
                f"The local warehouse reads and writes no files outside of its folder: {uri}. "
                "Send the rows with the request, as load_table_from_file does."
            )
        return path

    DuckDBEngine.start = start
    executor._resolve_uri = resolve_uri


def _shut_in(connection: Any, uploads: Path) -> None:  # noqa: ANN401 - DuckDB's own
    # The data file, its log and the temporary folder stay open to DuckDB itself.
    uploads.mkdir(parents=True, exist_ok=True)
    connection.execute("set autoload_known_extensions = false")
    connection.execute("set allow_persistent_secrets = false")
    connection.execute("set allowed_directories = ?", [[str(uploads)]])
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
