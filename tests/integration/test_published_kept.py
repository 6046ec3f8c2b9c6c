"""A deployment that turns out bad: what others read is as it was before, with one command."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.backup.published import keep_published, restore_published
from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.cli import execute
from orchestrator.errors import LockLost
from tests.integration.conftest import export_warehouse
from tests.unit.fence_fake import Fence

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

PREFIX: Final = "deployed"
COMMIT: Final = "4f1a2b3c"
NOW: Final = datetime(2026, 11, 25, 2, tzinfo=UTC)


@pytest.fixture
def warehouse(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Connection:
    """Return a warehouse that has published people and events."""
    settings = connection.settings.with_changes(dataset=PREFIX)
    opened = replace(connection, settings=settings)
    for layer in ("published", "previous", "ops"):
        opened.client.delete_dataset(f"{PREFIX}_{layer}", delete_contents=True, not_found_ok=True)
    ensure_dataset(opened, f"{PREFIX}_published")
    publish(opened, "Ann", "month")
    monkeypatch.setenv("CONCORD_DATASET", PREFIX)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(settings.project_dir))
    monkeypatch.setenv("CONCORD_LOCK_PLACE", str(tmp_path / "lock"))
    export_warehouse(monkeypatch, settings)
    return opened


def publish(warehouse: Connection, name: str, unit: str) -> None:
    """Publish what a version makes of the data; another version may lay tables out otherwise."""
    for table in ("people", "events"):
        warehouse.client.delete_table(f"{PREFIX}_published.{table}", not_found_ok=True)
    warehouse.query(
        f"create table {PREFIX}_published.people as select '{name}' as name, [1, 2] as numbers"
    )
    warehouse.query(
        f"""
        create table {PREFIX}_published.events
        partition by timestamp_trunc(occurred_at, {unit}) cluster by name as
        select timestamp '2026-01-02 03:04:05+00' as occurred_at, '{name}' as name
        """
    )


def published(warehouse: Connection) -> tuple[str, str, str]:
    """Return the names that are published, and the unit of the partitions."""
    [person] = warehouse.query(f"select name from {PREFIX}_published.people")
    [event] = warehouse.query(f"select name from {PREFIX}_published.events")
    partitions = warehouse.client.get_table(f"{PREFIX}_published.events").time_partitioning
    return person["name"], event["name"], partitions.type_


def test_what_is_published_is_brought_back(
    warehouse: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["backup", "--published", COMMIT]) == 0
    assert "Kept 2 published tables as 4f1a2b3c, for 7 days." in capsys.readouterr().out
    publish(warehouse, "Bob", "day")
    warehouse.query(f"create table {PREFIX}_published.households as select 1 as n")
    assert published(warehouse) == ("Bob", "Bob", "DAY")
    assert execute(["restore", "--published", COMMIT, "--yes"]) == 0
    told = capsys.readouterr().out
    assert "Brought 2 published tables back to 4f1a2b3c." in told
    assert "left as they are: households" in told
    assert published(warehouse) == ("Ann", "Ann", "MONTH")
    # It can be done again, and says so to programs.
    assert execute(["restore", "--published", COMMIT, "--yes", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    expected = {"name": COMMIT, "tables": ["events", "people"], "left": ["households"]}
    assert document == expected


def test_only_the_newest_name_is_kept(
    warehouse: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_published(warehouse, COMMIT, NOW, Fence())
    publish(warehouse, "Bob", "month")
    keep_published(warehouse, "next", NOW, Fence())
    kept = warehouse.table_names(f"{PREFIX}_previous")
    assert kept == {"next", "next__events", "next__people"}
    # The same name again is what is published now.
    publish(warehouse, "Eve", "month")
    keep_published(warehouse, "next", NOW, Fence())
    publish(warehouse, "Bob", "month")
    restore_published(warehouse, "next", Fence())
    assert published(warehouse) == ("Eve", "Eve", "MONTH")
    assert execute(["restore", "--published", COMMIT, "--yes"]) == 2
    told = capsys.readouterr().err
    assert f"nothing is kept under the name '{COMMIT}'" in told
    assert "kept is: next" in told


def test_half_of_it_is_not_brought_back(
    warehouse: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_published(warehouse, COMMIT, NOW, Fence())
    warehouse.client.delete_table(f"{PREFIX}_previous.{COMMIT}__people")
    publish(warehouse, "Bob", "month")
    assert execute(["restore", "--published", COMMIT, "--yes"]) == 1
    assert "the copies of people are gone; nothing was replaced" in capsys.readouterr().err
    assert published(warehouse) == ("Bob", "Bob", "MONTH")


def test_who_lost_the_lock_keeps_and_brings_back_nothing(warehouse: Connection) -> None:
    with pytest.raises(LockLost):
        keep_published(warehouse, COMMIT, NOW, Fence(lost_at=1))
    assert warehouse.table_names(f"{PREFIX}_previous") == frozenset()
    keep_published(warehouse, COMMIT, NOW, Fence())
    publish(warehouse, "Bob", "month")
    with pytest.raises(LockLost):
        restore_published(warehouse, COMMIT, Fence(lost_at=1))
    assert published(warehouse) == ("Bob", "Bob", "MONTH")


def test_the_first_deployment_has_nothing_to_keep(
    warehouse: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse.client.delete_dataset(f"{PREFIX}_published", delete_contents=True)
    assert execute(["backup", "--published", COMMIT]) == 0
    ensure_dataset(warehouse, f"{PREFIX}_published")
    publish(warehouse, "Bob", "month")
    assert execute(["restore", "--published", COMMIT, "--yes"]) == 0
    assert "left as they are: events, people" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backup", "--published", "a_b"), "'a_b' is no name for what is kept"),
        (("restore", "--yes"), "name a backup, or what is kept"),
        (("restore", "20261125T020000Z", "--published", "x", "--yes"), "name a backup, or what"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    warehouse: Connection,
    arguments: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert execute(list(arguments)) == 2
    assert said in capsys.readouterr().err
