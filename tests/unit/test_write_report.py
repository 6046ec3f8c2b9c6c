"""`concord report` on a warehouse in which nothing has been built."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from google.api_core.exceptions import NotFound

from orchestrator.bigquery.connect import Connection
from orchestrator.errors import ConfigurationError
from orchestrator.report.write import ReportOptions, write
from orchestrator.settings.values import Settings
from orchestrator.steps import Silent, StepClock

ROOT = Path(__file__).resolve().parents[2]


class EmptyClient:
    """A warehouse in which some models are built, all of them without rows."""

    def __init__(self, tables: dict[str, tuple[str, ...]]) -> None:
        self._tables = tables

    def list_tables(self, name: str) -> list[SimpleNamespace]:
        dataset = name.partition(".")[2]
        if dataset not in self._tables:
            raise NotFound(name)
        return [SimpleNamespace(table_id=table) for table in self._tables[dataset]]

    def query(self, sql: str, job_config: object) -> SimpleNamespace:
        assert job_config
        assert "count(*) as record_count" in sql
        return SimpleNamespace(result=lambda **_: [{"record_count": 0}])


@pytest.mark.parametrize("tables", [{}, {"empty_matching": ("person_clusters",)}])
def test_nothing_matched_is_an_error_that_says_what_to_run(
    tables: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    client: Any = EmptyClient(tables)
    connection = Connection(Settings(project_dir=ROOT, dataset="empty"), client)
    page = tmp_path / "report.html"
    options = ReportOptions("Concord", page, None, datetime(2026, 6, 30, tzinfo=UTC))
    with pytest.raises(ConfigurationError) as caught:
        write(connection, options, StepClock(Silent()))
    assert "concord-local.empty_matching" in caught.value.message
    assert "concord run" in caught.value.what_to_do
    assert not page.exists()
