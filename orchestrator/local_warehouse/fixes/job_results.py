"""Results of old queries are forgotten.

Stock: the rows of every query stay in memory until the server ends, outside DuckDB's limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bqemulator.api.routes import jobs
from bqemulator.jobs import executor

if TYPE_CHECKING:
    import pyarrow as pa

RESULT_BYTES = 256 * 1024**2
# Names, types and objects: most results of a build are one row, or none.
BYTES_BESIDE_ROWS = 4096


class RecentResults(dict[str, "pa.Table"]):
    """Keeps the newest results up to a size; the last one stays whatever its size.

    It counts as it goes: to add up all that is kept would make each query of a build slower than
    the one before.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._size = 0

    def __setitem__(self, job_id: str, rows: pa.Table) -> None:
        self.pop(job_id, None)
        super().__setitem__(job_id, rows)
        self._size += _size(rows)
        while self._size > self._limit and len(self) > 1:
            del self[next(iter(self))]

    def __delitem__(self, job_id: str) -> None:
        self.pop(job_id)

    def pop(self, job_id: str, *default: Any) -> Any:  # noqa: ANN401 - as a dict's
        """Forget a result, and what it counted."""
        if job_id in self:
            self._size -= _size(self[job_id])
        return super().pop(job_id, *default)


def _size(rows: pa.Table) -> int:
    return int(rows.nbytes) + BYTES_BESIDE_ROWS


def apply() -> None:
    """Put the bounded store where both modules look for results."""
    results = RecentResults(RESULT_BYTES)
    executor.JOB_RESULTS = results
    jobs.JOB_RESULTS = results
