"""`concord report` on a warehouse in which nothing has been built."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from google.api_core.exceptions import NotFound

from orchestrator.errors import ConfigurationError
from orchestrator.settings import Settings
from orchestrator.steps import Silent, StepClock
from orchestrator.warehouse_client import Connection
from orchestrator.write_report import ReportOptions, write

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_matched_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    def list_tables(name: str) -> NoReturn:
        raise NotFound(name)

    client: Any = SimpleNamespace(list_tables=list_tables)
    connection = Connection(Settings(project_dir=ROOT, dataset="empty"), client)
    page = tmp_path / "report.html"
    options = ReportOptions("Concord", page, None, datetime(2026, 6, 30, tzinfo=UTC))
    with pytest.raises(ConfigurationError) as caught:
        write(connection, options, StepClock(Silent()))
    assert "concord-local.empty_matching" in caught.value.message
    assert "concord run" in caught.value.what_to_do
    assert not page.exists()
