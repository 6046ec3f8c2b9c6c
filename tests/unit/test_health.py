"""The health check: every component well, ill and absent."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from google.api_core.exceptions import ServiceUnavailable
from requests.exceptions import ConnectionError as NoConnectionError

from orchestrator.bigquery.connect import Connection
from orchestrator.cli import execute
from orchestrator.errors import RunFailed, WarehouseUnavailable
from orchestrator.health.check import (
    CHECKS,
    NEED_WAREHOUSE,
    PREFLIGHT,
    check_health,
    require_health,
)
from orchestrator.health.warehouse import layer_datasets
from orchestrator.lock.hold import hold_lock, read_lock
from orchestrator.lock.places import lock_place
from orchestrator.settings.groups import LockSettings
from orchestrator.settings.registry import declared_sources
from orchestrator.settings.values import Settings
from tests.unit.warehouse_fake import ALL, FakeWarehouse

if TYPE_CHECKING:
    from google.cloud.bigquery import Client

    from orchestrator.health.report import ComponentHealth, HealthReport

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)
LAYERS = ("entities", "marts", "matching", "seeds", "snapshots", "staging", "standardized")
RAW = tuple(f"raw_{source}" for source in declared_sources(ROOT))
PIPELINE_RUNS = "concord_ops.pipeline_runs"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of the real project whose state is elsewhere."""
    (tmp_path / "dbt_project.yml").write_bytes((ROOT / "dbt_project.yml").read_bytes())
    (tmp_path / "models").symlink_to(ROOT / "models")
    return Settings(project_dir=tmp_path)


@pytest.fixture
def warehouse() -> FakeWarehouse:
    """Return a warehouse in which everything is well."""
    return FakeWarehouse(
        datasets={*(f"concord_{layer}" for layer in LAYERS), *RAW, "concord_ops"},
        tables={
            "raw_salesforce.contact": NOW - timedelta(hours=5),
            "raw_hubspot.contact": NOW - timedelta(hours=35),
            "raw_files.people": NOW - timedelta(days=300),
            "concord_marts.dim_person": NOW,
            PIPELINE_RUNS: NOW - timedelta(hours=3),
        },
    )


def checked(
    settings: Settings, warehouse: FakeWarehouse, *components: str, clock: datetime = NOW
) -> HealthReport:
    connection = Connection(settings, cast("Client", warehouse))
    return check_health(
        settings,
        lambda: connection,
        components=components or tuple(CHECKS),
        clock=lambda: clock,
    )


def one(settings: Settings, warehouse: FakeWarehouse, name: str) -> ComponentHealth:
    return checked(settings, warehouse, name).components[0]


def test_all_is_well(settings: Settings, warehouse: FakeWarehouse) -> None:
    report = checked(settings, warehouse)
    assert [component.name for component in report.components] == list(CHECKS)
    states = {component.name: component.status for component in report.components}
    # The machine that runs the tests may be short of disk.
    assert states | {"disk": "ok"} == dict.fromkeys(CHECKS, "ok")


def test_the_layers_are_those_of_the_project(settings: Settings) -> None:
    assert layer_datasets(settings) == tuple(f"concord_{layer}" for layer in LAYERS)


@pytest.mark.parametrize(
    "error", [ServiceUnavailable("503 away"), NoConnectionError("connection refused")]
)
def test_a_warehouse_that_is_down_is_one_failure(
    error: Exception, settings: Settings, warehouse: FakeWarehouse
) -> None:
    warehouse.down = error
    report = checked(settings, warehouse)
    states = {component.name: component.status for component in report.components}
    assert states["warehouse"] == "fail"
    assert {states[name] for name in NEED_WAREHOUSE} == {"skipped"}
    assert not report.is_healthy
    assert len(warehouse.calls) == 1
    assert "did not answer" in report.failed[0].detail


def test_a_warehouse_that_cannot_be_opened_is_a_failure(settings: Settings) -> None:
    def refuse() -> Connection:
        raise WarehouseUnavailable("no Google credentials", "log in")

    report = check_health(settings, refuse, components=PREFLIGHT)
    assert (report.components[0].status, report.components[0].what_to_do) == ("fail", "log in")


def test_an_error_that_nobody_foresaw_is_a_failure(
    settings: Settings, warehouse: FakeWarehouse
) -> None:
    warehouse.down = ZeroDivisionError("oops")
    assert one(settings, warehouse, "warehouse").detail == "ZeroDivisionError: oops"


@pytest.mark.parametrize(
    "missing",
    [
        "bigquery.jobs.create",
        "bigquery.datasets.get",
        "bigquery.tables.list",
        "bigquery.tables.create",
    ],
)
def test_a_missing_permission_fails_and_is_named(
    missing: str, settings: Settings, warehouse: FakeWarehouse
) -> None:
    warehouse.granted = ALL - {missing}
    found = one(settings, warehouse, "permissions")
    assert found.status == "fail"
    assert missing in found.detail
    assert "roles/bigquery.dataEditor" in found.what_to_do
    with pytest.raises(RunFailed, match=missing):
        require_health(checked(settings, warehouse, *PREFLIGHT))


def test_a_warehouse_that_does_not_answer_may_do_so_later(
    settings: Settings, warehouse: FakeWarehouse
) -> None:
    warehouse.down = ServiceUnavailable("try again")
    with pytest.raises(WarehouseUnavailable, match="did not answer"):
        require_health(checked(settings, warehouse, *PREFLIGHT))


def test_without_tables_list_the_reason_is_told(
    settings: Settings, warehouse: FakeWarehouse
) -> None:
    warehouse.granted = ALL - {"bigquery.tables.list"}
    assert "rebuilds them" in one(settings, warehouse, "permissions").detail


@pytest.mark.parametrize("missing", ["bigquery.tables.updateData", "bigquery.tables.delete"])
def test_permissions_on_tables_are_tested_in_the_cloud(
    missing: str, settings: Settings, warehouse: FakeWarehouse
) -> None:
    in_cloud = settings.with_changes(target="prod")
    assert one(in_cloud, warehouse, "permissions").status == "ok"
    warehouse.granted = ALL - {missing}
    found = one(in_cloud, warehouse, "permissions")
    assert found.status == "fail"
    assert f"missing: {missing}" in found.detail
    assert "concord_marts" in found.detail


def test_a_missing_dataset_is_counted(settings: Settings, warehouse: FakeWarehouse) -> None:
    assert one(settings, warehouse, "permissions").detail == "jobs, tables in 12 of 13 datasets"
    warehouse.datasets -= {"concord_marts", "raw_gmail"}
    found = one(settings, warehouse, "permissions")
    assert (found.status, found.detail) == ("ok", "jobs, tables in 10 of 13 datasets")


@pytest.mark.parametrize(
    ("hours", "target", "status"),
    [(25, "prod", "ok"), (27, "prod", "fail"), (27, "local", "warn"), (25, "local", "ok")],
)
def test_the_age_of_the_last_success(
    hours: int, target: str, status: str, settings: Settings, warehouse: FakeWarehouse
) -> None:
    warehouse.tables[PIPELINE_RUNS] = NOW - timedelta(hours=hours)
    found = one(settings.with_changes(target=target), warehouse, "last success")
    assert (found.status, found.detail) == (status, f"{hours} h ago")


@pytest.mark.parametrize("has_table", [True, False])
def test_no_run_yet(has_table: bool, settings: Settings, warehouse: FakeWarehouse) -> None:
    del warehouse.tables[PIPELINE_RUNS]
    if has_table:
        warehouse.tables[PIPELINE_RUNS] = None
    found = one(settings, warehouse, "last success")
    assert (found.status, found.detail) == ("warn", "no run of everything has succeeded yet")


def test_old_sources_are_named_and_files_are_not(
    settings: Settings, warehouse: FakeWarehouse
) -> None:
    well = one(settings, warehouse, "sources")
    assert well.status == "ok"
    assert well.detail == "3 tables, the oldest 300 days; 9 without rows"
    warehouse.tables["raw_hubspot.contact"] = NOW - timedelta(hours=37)
    old = one(settings, warehouse, "sources")
    assert old.status == "warn"
    assert old.detail.startswith("old: hubspot.contact (37 h); ")


def test_sources_without_tables_or_rows_are_skipped(
    settings: Settings, warehouse: FakeWarehouse
) -> None:
    for name in [name for name in warehouse.tables if name.startswith("raw_")]:
        warehouse.tables[name] = None
    assert one(settings, warehouse, "sources").detail == "all raw tables are empty"
    warehouse.tables.clear()
    found = one(settings, warehouse, "sources")
    assert (found.status, found.detail) == ("skipped", "no raw table exists yet")


def test_the_lock_free_held_and_left_behind(settings: Settings, warehouse: FakeWarehouse) -> None:
    assert one(settings, warehouse, "lock").detail == "free"
    with hold_lock(settings, "run-7"):
        held = one(settings, warehouse, "lock")
        assert held.status == "ok"
        assert held.detail.startswith("run run-7 holds it since ")
        state = read_lock(settings)
        assert state is not None
    place = lock_place(settings)
    assert place.replace(state.text, place.read()[1])
    an_hour_later = datetime.now(UTC) + timedelta(hours=1)
    later = checked(settings, warehouse, "lock", clock=an_hour_later).components[0]
    assert later.status == "warn"
    assert "run-7" in later.detail
    assert "concord retry run-7" in later.what_to_do


def test_a_lock_of_a_dead_process_is_left_behind(
    settings: Settings, warehouse: FakeWarehouse
) -> None:
    with hold_lock(settings, "run-7") as held:
        dead = held.state.model_copy(update={"pid": 2**22 + 1})
    place = lock_place(settings)
    assert place.replace(dead.text, place.read()[1])
    assert one(settings, warehouse, "lock").status == "warn"


def test_a_lock_that_cannot_be_read_fails(settings: Settings, warehouse: FakeWarehouse) -> None:
    folder = settings.state_dir
    broken = settings.with_changes(lock=LockSettings(place=str(folder)))
    folder.mkdir()
    (folder / "lock-concord-local.concord.json").write_text("{}", encoding="utf-8")
    assert one(broken, warehouse, "lock").status == "fail"


@pytest.mark.parametrize(("gib", "status"), [(0.4, "fail"), (1.0, "warn"), (9.0, "ok")])
def test_the_disk(
    gib: float,
    status: str,
    settings: Settings,
    warehouse: FakeWarehouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = int(gib * 1024**3)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    found = one(settings, warehouse, "disk")
    assert found.status == status
    assert found.what_to_do or status == "ok"


def test_the_command_does_not_start_a_warehouse(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(settings.project_dir))
    assert execute(["health"]) == 1
    text = capsys.readouterr().out
    assert "warehouse     fail" in text
    assert "concord warehouse start" in text
    assert execute(["health", "--json", "--preflight"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["is_healthy"] is False
    assert [component["name"] for component in facts["components"]] == list(PREFLIGHT)
    assert facts["components"][0]["status"] == "fail"
