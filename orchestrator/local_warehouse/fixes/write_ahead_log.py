"""A private warehouse writes no log ahead of its data.

Stock: DuckDB forces a log to the disk at each of the many small writes of the catalogue, so that
the data survive a crash. What ends with its owner need not: its file is complete when the server
has been stopped in good order.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from bqemulator.storage.engine import DuckDBEngine


def apply() -> None:
    """Attach the file without a log. Call it for a private warehouse, after `engine_settings`."""
    stock_path = DuckDBEngine._resolve_path
    stock_pragmas = DuckDBEngine._apply_session_pragmas

    def in_memory(_self: DuckDBEngine) -> str:
        # Only ATTACH has the option. The database that this opens stays empty.
        return ":memory:"

    def apply_session_pragmas(self: DuckDBEngine) -> None:
        file = stock_path(self).replace("'", "''")
        self.connection.execute(f"attach '{file}' as warehouse (recovery_mode no_wal_writes)")
        self.connection.execute("use warehouse")
        stock_pragmas(self)

    DuckDBEngine._resolve_path = in_memory
    DuckDBEngine._apply_session_pragmas = apply_session_pragmas
