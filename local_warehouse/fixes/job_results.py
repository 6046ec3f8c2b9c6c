"""Results of old queries are forgotten.

Stock: the rows of every query stay in memory until the server ends, outside DuckDB's limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bqemulator.api.routes import jobs
from bqemulator.jobs import executor

if TYPE_CHECKING:
    import pyarrow as pa

RESULT_BYTES = 256 * 1024**2


class RecentResults(dict[str, "pa.Table"]):
    """Keeps the newest results up to a size; the last one stays whatever its size."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def __setitem__(self, job_id: str, rows: pa.Table) -> None:
        self.pop(job_id, None)
        super().__setitem__(job_id, rows)
        size = sum(kept.nbytes for kept in self.values())
        for oldest in [*self][:-1]:
            if size <= self._limit:
                break
            size -= self.pop(oldest).nbytes


def apply() -> None:
    """Put the bounded store where both modules look for results."""
    results = RecentResults(RESULT_BYTES)
    executor.JOB_RESULTS = results
    jobs.JOB_RESULTS = results
