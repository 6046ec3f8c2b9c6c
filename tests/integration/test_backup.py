"""The drill: back up, lose the tables, restore, and compare every row by hash."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from orchestrator.backup import make
from orchestrator.backup import restore as restoring
from orchestrator.backup.make import (
    Backup,
    content_of,
    list_backups,
    make_backup,
    read_backup,
    remove_expired_exports,
)
from orchestrator.backup.restore import chosen_tables, restore_tables
from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.dbt.artifacts import ManifestNode
from orchestrator.errors import InputError, LockLost, RunFailed, WarehouseRefused
from orchestrator.run.publish import publish_tables
from orchestrator.settings.groups import BackupSettings
from tests.unit.fence_fake import Fence

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.backup.restore import Origin
    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
TABLES = ("drill_marts.history", "drill_ops.pipeline_runs")


def node(name: str, **meta: object) -> ManifestNode:
    return ManifestNode(
        f"model.concord.{name}",
        name,
        "model",
        f"`concord-local`.`drill_marts`.`{name}`",
        (),
        materialized="table",
        meta=meta,
    )


MANIFEST = {
    found.unique_id: found
    for found in (node("history", cannot_be_recomputed=True), node("made_again"))
}


@pytest.fixture
def warehouse(connection: Connection, tmp_path: Path) -> Connection:
    """Return a warehouse with two tables that cannot be recomputed, and one that can."""
    settings = connection.settings.with_changes(
        dataset="drill", backup=BackupSettings(place=str(tmp_path / "backups"))
    )
    opened = replace(connection, settings=settings)
    for dataset in ("drill_marts", "drill_ops", "drill_backup", "drill_published"):
        opened.client.delete_dataset(dataset, delete_contents=True, not_found_ok=True)
    for dataset in ("drill_marts", "drill_ops"):
        ensure_dataset(opened, dataset)
    opened.query(
        """
        create or replace table drill_marts.history as
        select
            n,
            n / 3 as third,
            if(mod(n, 7) = 0, null, concat('Zoë "', cast(n as string), '" ☃')) as text,
            date_add(date '2024-01-01', interval n day) as day,
            timestamp_add(timestamp '2024-01-01 00:00:00.123456+00', interval n second) as at,
            mod(n, 2) = 0 as is_even,
            [concat('a', cast(n as string)), 'b'] as words,
            [struct(n as k, 0.1 * n as v)] as parts,
        from unnest(generate_array(1, 500)) as n
        """
    )
    opened.query("create or replace table drill_ops.pipeline_runs as select 'r1' as run_id, 1 as n")
    opened.query("create or replace table drill_marts.made_again as select 1 as n")
    return opened


def contents(warehouse: Connection) -> dict[str, tuple[int, str]]:
    return {name: content_of(warehouse, f"concord-local.{name}") for name in TABLES}


@pytest.mark.parametrize("origin", ["snapshot", "export"])
def test_drill(warehouse: Connection, origin: Origin) -> None:
    before = contents(warehouse)
    backup = make_backup(warehouse, MANIFEST, NOW)
    assert [(table.table, table.rows) for table in backup.tables] == [
        ("drill_marts.history", 500),
        ("drill_ops.pipeline_runs", 1),
    ]
    warehouse.client.delete_table("drill_marts.history")
    warehouse.query("insert into drill_ops.pipeline_runs (run_id, n) values ('wrong', 2)")
    found = read_backup(warehouse.settings, backup.backup_id)
    assert found == backup
    restore_tables(warehouse, found, found.tables, origin, Fence())
    assert contents(warehouse) == before
    schema = warehouse.client.get_table("drill_marts.history").schema
    assert {column.name: column.field_type for column in schema}["at"] == "TIMESTAMP"
    # The tables in which they were verified are gone.
    left = {table.table_id for table in warehouse.client.list_tables("drill_backup")}
    assert left == {table.snapshot.rpartition(".")[2] for table in backup.tables}


def test_the_hash_sees_what_has_changed_and_not_the_order(warehouse: Connection) -> None:
    before = contents(warehouse)["drill_marts.history"]
    warehouse.query(
        "create or replace table drill_marts.history as "
        "select * from drill_marts.history order by n desc"
    )
    assert contents(warehouse)["drill_marts.history"] == before
    warehouse.query("update drill_marts.history set third = 0.5 where n = 77")
    changed = contents(warehouse)["drill_marts.history"]
    assert changed[0] == before[0]
    assert changed[1] != before[1]


def export_of(warehouse: Connection, backup: Backup, table: str) -> Path:
    folder = warehouse.settings.backup.place
    return next(
        path
        for path in _files(folder)
        if path.parent.name == backup.backup_id and table in path.name
    )


def _files(folder: str) -> list[Path]:
    from pathlib import Path

    return sorted(Path(folder).rglob("*.parquet"))


def test_a_damaged_export_is_refused_and_nothing_is_replaced(warehouse: Connection) -> None:
    backup = make_backup(warehouse, MANIFEST, NOW)
    export = export_of(warehouse, backup, "pipeline_runs")
    data = export.read_bytes()
    other = export_of(warehouse, backup, "history")
    for damaged in (data[: len(data) // 2], other.read_bytes()):
        warehouse.query("insert into drill_ops.pipeline_runs (run_id, n) values ('later', 2)")
        now = contents(warehouse)
        export.write_bytes(damaged)
        with pytest.raises((RunFailed, WarehouseRefused)):
            restore_tables(warehouse, backup, backup.tables, "export", Fence())
        assert contents(warehouse) == now
    export.unlink()
    with pytest.raises(InputError, match="is missing"):
        restore_tables(warehouse, backup, backup.tables, "export", Fence())


def test_changed_rows_in_an_export_are_refused(warehouse: Connection) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    backup = make_backup(warehouse, MANIFEST, NOW)
    export = export_of(warehouse, backup, "pipeline_runs")
    rows = parquet.read_table(export)
    parquet.write_table(rows.set_column(1, "n", pa.array([2], pa.int64())), export)
    before = contents(warehouse)
    with pytest.raises(RunFailed, match=r"export of drill_ops\.pipeline_runs is damaged"):
        restore_tables(warehouse, backup, backup.tables, "export", Fence())
    assert contents(warehouse) == before


def test_a_lost_snapshot_is_refused(warehouse: Connection) -> None:
    backup = make_backup(warehouse, MANIFEST, NOW)
    warehouse.client.delete_table(backup.tables[1].snapshot)
    before = contents(warehouse)
    with pytest.raises(WarehouseRefused, match="replaced: no table"):
        restore_tables(warehouse, backup, backup.tables, "snapshot", Fence())
    assert contents(warehouse) == before


def test_one_table_can_be_chosen(warehouse: Connection) -> None:
    backup = make_backup(warehouse, MANIFEST, NOW)
    assert [table.table for table in chosen_tables(backup, ["history"])] == ["drill_marts.history"]
    assert len(chosen_tables(backup, [])) == 2
    with pytest.raises(InputError, match="nothing not in the backup"):
        chosen_tables(backup, ["nothing"])


def test_expired_exports_go_and_an_unfinished_backup_is_not_listed(warehouse: Connection) -> None:
    old = make_backup(warehouse, MANIFEST, NOW)
    new = make_backup(warehouse, MANIFEST, NOW + timedelta(days=20))
    assert list_backups(warehouse.settings) == (new, old)
    removed = remove_expired_exports(warehouse.settings, NOW + timedelta(days=31))
    assert removed == (old.backup_id,)
    assert list_backups(warehouse.settings) == (new,)
    assert {path.parent.name for path in _files(warehouse.settings.backup.place)} == {new.backup_id}
    with pytest.raises(InputError, match="no backup"):
        read_backup(warehouse.settings, "../etc/passwd")


def test_a_backup_that_is_stopped_leaves_nothing_behind(
    warehouse: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, exported = make._export, []

    def stopped(*arguments: Any) -> None:  # noqa: ANN401 - those of the export
        exported.append(arguments)
        export(*arguments)
        if len(exported) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(make, "_export", stopped)
    with pytest.raises(KeyboardInterrupt):
        make_backup(warehouse, MANIFEST, NOW)
    assert list_backups(warehouse.settings) == ()
    assert _files(warehouse.settings.backup.place) == []
    dataset = f"{warehouse.settings.project}.{make.backup_dataset(warehouse.settings.dataset)}"
    assert list(warehouse.client.list_tables(dataset)) == []


def test_a_restore_is_stopped_before_it_replaces_anything_or_comes_to_its_end(
    warehouse: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = make_backup(warehouse, MANIFEST, NOW)
    names = [f"{warehouse.settings.project}.{table.table}" for table in backup.tables]
    for name in names:
        warehouse.query(f"delete from `{name}` where true")

    def counts() -> list[int]:
        return [content_of(warehouse, name)[0] for name in names]

    copy, verify = restoring._copy, restoring._verify

    def stopped(*arguments: Any) -> None:  # noqa: ANN401 - those of the check
        verify(*arguments)
        if arguments[1] is backup.tables[-1]:
            raise KeyboardInterrupt

    monkeypatch.setattr(restoring, "_verify", stopped)
    with pytest.raises(KeyboardInterrupt):
        restore_tables(warehouse, backup, backup.tables, "snapshot", Fence())
    assert set(counts()) == {0}
    monkeypatch.setattr(restoring, "_verify", verify)

    def signalled(*arguments: Any, **more: Any) -> None:  # noqa: ANN401 - those of the copy
        if not more:
            os.kill(os.getpid(), signal.SIGTERM)
        copy(*arguments, **more)

    monkeypatch.setattr(restoring, "_copy", signalled)
    restore_tables(warehouse, backup, backup.tables, "snapshot", Fence())
    assert counts() == [table.rows for table in backup.tables]


def test_who_lost_the_lock_restores_nothing(warehouse: Connection) -> None:
    backup = make_backup(warehouse, MANIFEST, NOW)
    name = f"{warehouse.settings.project}.{backup.tables[0].table}"
    warehouse.query(f"delete from `{name}` where true")
    with pytest.raises(LockLost):
        restore_tables(warehouse, backup, backup.tables, "snapshot", Fence(lost_at=1))
    assert content_of(warehouse, name)[0] == 0


def test_publishing_replaces_a_table_whose_columns_have_changed(warehouse: Connection) -> None:
    manifest = {"model.concord.made_again": node("made_again", published=True)}
    assert publish_tables(warehouse, manifest, Fence()).copied == ("made_again",)
    warehouse.query("create or replace table drill_marts.made_again as select 'x' as word, 2 as n")
    assert publish_tables(warehouse, manifest, Fence()).copied == ("made_again",)
    rows = [
        dict(row.items()) for row in warehouse.query("select * from drill_published.made_again")
    ]
    assert rows == [{"word": "x", "n": 2}]
    # A copy of what is not there leaves the old table.
    warehouse.client.delete_table("drill_marts.made_again")
    result = publish_tables(warehouse, manifest, Fence())
    assert result.copied == ()
    assert "made_again was not published" in result.problem
    assert [
        dict(row.items()) for row in warehouse.query("select n from drill_published.made_again")
    ]


def test_the_backup_holds_snapshots(warehouse: Connection) -> None:
    backup = make_backup(warehouse, MANIFEST, NOW)
    for table in backup.tables:
        assert warehouse.client.get_table(table.snapshot).table_type == "SNAPSHOT"
