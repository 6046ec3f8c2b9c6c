"""Jobs are remembered while the server runs, and not stored.

Stock: each job is also written to the database file, with its whole text, in a transaction of its
own; that takes longer than most statements, and nothing here asks for the jobs of an earlier run.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING

from bqemulator.catalog.duckdb_repository import DuckDBCatalogRepository

if TYPE_CHECKING:
    from bqemulator.catalog.models import JobMeta


def apply() -> None:
    """Leave the row out; the catalogue's memory has the job."""

    def write_nothing(_self: DuckDBCatalogRepository, _job: JobMeta) -> None:
        return None

    DuckDBCatalogRepository._write_job = write_nothing
