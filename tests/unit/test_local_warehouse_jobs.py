"""The local warehouse forgets old jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bqemulator.catalog.duckdb_repository import DuckDBCatalogRepository
from bqemulator.catalog.memory_repository import MemoryCatalogRepository
from bqemulator.catalog.models import JobMeta
from bqemulator.jobs import executor

from orchestrator.local_warehouse.fixes import job_records

if TYPE_CHECKING:
    import pytest


def test_old_jobs_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    # Put back what the repair replaces.
    monkeypatch.setattr(DuckDBCatalogRepository, "_write_job", DuckDBCatalogRepository._write_job)
    monkeypatch.setattr(MemoryCatalogRepository, "upsert_job", MemoryCatalogRepository.upsert_job)
    monkeypatch.setattr(executor, "JOB_SCHEMAS", {f"job {number}": [] for number in range(5)})
    job_records.apply(kept=3)
    catalog = MemoryCatalogRepository()
    for number in range(5):
        catalog.upsert_job(JobMeta.model_construct(project_id="p", job_id=f"job {number}"))
    kept = [f"job {number}" for number in range(5) if catalog.get_job("p", f"job {number}")]
    assert kept == ["job 2", "job 3", "job 4"]
    assert [*executor.JOB_SCHEMAS] == kept
