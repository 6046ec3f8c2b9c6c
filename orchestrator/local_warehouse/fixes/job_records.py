"""The newest jobs are remembered while the server runs, and none is stored.

Stock: each job is also written to the database file, with its whole text, in a transaction of its
own; that takes longer than most statements, and nothing here asks for the jobs of an earlier run.
And each stays in memory until the server ends: a build of the project has some thousand jobs.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bqemulator.catalog.duckdb_repository import DuckDBCatalogRepository
from bqemulator.catalog.memory_repository import MemoryCatalogRepository
from bqemulator.jobs import executor

if TYPE_CHECKING:
    from bqemulator.catalog.models import JobMeta

# A client asks for its job right after the answer; what is listed goes back about a build.
KEPT_JOBS: Final = 2000


def apply(kept: int = KEPT_JOBS) -> None:
    """Leave the row out; the catalogue's memory has the job until many others have come."""
    stock_upsert = MemoryCatalogRepository.upsert_job

    def write_nothing(_self: DuckDBCatalogRepository, _job: JobMeta) -> None:
        return None

    def upsert_job(self: MemoryCatalogRepository, job: JobMeta) -> JobMeta:
        upserted: JobMeta = stock_upsert(self, job)
        while len(self._jobs) > kept:
            oldest = next(iter(self._jobs))
            del self._jobs[oldest]
            executor.JOB_SCHEMAS.pop(oldest[1], None)
        return upserted

    DuckDBCatalogRepository._write_job = write_nothing
    MemoryCatalogRepository.upsert_job = upsert_job
