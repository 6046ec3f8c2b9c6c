"""The health check on a real local warehouse, through Google's client."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestrator.bigquery.connect import Connection
from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.health.check import CHECKS, PREFLIGHT, check_health
from orchestrator.health.warehouse import layer_datasets
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from orchestrator.health.report import HealthReport

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.integration


@pytest.fixture
def own(connection: Connection, mini_project: Path, tmp_path: Path) -> Connection:
    """Return a connection whose datasets belong to one test."""
    folder = tmp_path / "project"
    shutil.copytree(mini_project, folder)
    shutil.copy(ROOT / "dbt_project.yml", folder)
    changed = connection.settings.with_changes(
        project_dir=folder, dataset="health", raw_prefix="health_"
    )
    return Connection(changed, connection.client)


def checked(connection: Connection, *components: str) -> HealthReport:
    return check_health(
        connection.settings, lambda: connection, components=components or tuple(CHECKS)
    )


def test_an_empty_warehouse_then_one_that_was_used(own: Connection) -> None:
    first = {one.name: one for one in checked(own).components}
    assert first["warehouse"].status == "ok"
    assert first["permissions"].status == "ok"
    assert first["permissions"].detail.startswith("jobs, tables in 0 of ")
    assert first["last success"].detail == "no run of everything has succeeded yet"
    assert (first["sources"].status, first["lock"].detail) == ("skipped", "free")

    settings = own.settings
    layers = layer_datasets(settings)
    for dataset in (*layers, settings.ops_dataset):
        ensure_dataset(own, dataset)
    ensure_raw_tables(own, read_raw_tables(settings.project_dir).values())
    assert checked(own, "sources").components[0].detail == "all raw tables are empty"

    now = datetime.now(UTC)
    contacts = own.table_id(f"{settings.raw_prefix}raw_salesforce", "contact")
    old = f"{now - timedelta(hours=40):%Y-%m-%d %H:%M:%S}"
    own.query(f"insert into `{contacts}` (id, _fivetran_synced) values ('1', timestamp '{old}')")
    runs = own.table_id(settings.ops_dataset, "pipeline_runs")
    own.query(
        f"create table `{runs}` (run_id string, status string, ended_at timestamp, "
        "selection string, published_tables int64)"
    )
    just_now = f"{now:%Y-%m-%d %H:%M:%S}"
    own.query(
        f"insert into `{runs}` values ('a', 'success', timestamp '{old}', '', 8),"
        f" ('b', 'failed', timestamp '{just_now}', '', 0),"
        # A part that went well says nothing about the night.
        f" ('c', 'success', timestamp '{just_now}', '--select dim_persons', 0)"
    )
    second = {one.name: one for one in checked(own).components}
    tried = len(layers) + len(own.settings.sources)
    # The published one comes with the first night.
    assert second["permissions"].detail == f"jobs, tables in {tried} of {tried + 1} datasets"
    assert second["run log"].status == "ok"
    assert (second["last success"].status, second["last success"].detail) == ("warn", "40 h ago")
    own.query(
        f"insert into `{runs}` values "
        f"('d', 'success', timestamp '{just_now}', '--exclude staging', 8)"
    )
    assert checked(own, "last success").components[0].detail == "0 h ago"
    assert second["sources"].detail.startswith("old: salesforce.contact (40 h)")
    for dataset in layers:
        left = list(own.client.list_tables(f"{settings.project}.{dataset}"))
        assert left == [], "a dry run creates nothing"

    assert checked(own, *PREFLIGHT).is_healthy


def test_a_warehouse_that_is_gone(own: Connection) -> None:
    from orchestrator.bigquery.connect import connect

    away = own.settings.with_changes(warehouse_url="http://127.0.0.1:9")
    report = check_health(away, lambda: connect(away))
    assert [one.name for one in report.failed] == ["warehouse"]
    assert "no local warehouse answers" in report.failed[0].detail
