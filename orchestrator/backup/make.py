"""Backs up the tables that cannot be computed again: as snapshots, and as files.

They are declared where they are described: `meta: {cannot_be_recomputed: true}` on a model or a
source. dbt's snapshots and all tables of `<dataset>_ops` belong to them without being asked.
"""

from __future__ import annotations

import json
import re
import shutil
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.errors import InputError
from orchestrator.files.state_files import FilesInBucket, FilesOnDisk, open_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.files.state_files import RunFiles
    from orchestrator.settings.values import Settings

MARK: Final = "cannot_be_recomputed"
BACKUP_ID: Final = re.compile(r"\d{8}T\d{6}Z")
MANIFEST: Final = ".json"


@dataclass(frozen=True, slots=True)
class SavedTable:
    """One table of a backup. `table` is dataset and name; `shape` is its schema and partitions."""

    table: str
    snapshot: str
    rows: int
    row_hash: str
    shape: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup. The snapshots and the files of its tables are named by its id."""

    backup_id: str
    expires_at: str
    tables: tuple[SavedTable, ...]


def backup_dataset(dataset: str) -> str:
    """Return the dataset that holds the snapshots."""
    return f"{dataset}_backup"


def open_backups(settings: Settings) -> RunFiles:
    """Return where the exports are."""
    return open_files(settings, settings.backup.place, "backups")


def tables_to_save(connection: Connection, manifest: Mapping[str, ManifestNode]) -> tuple[str, ...]:
    """Return dataset and name of what exists and cannot be computed again."""
    ops_dataset = connection.settings.ops_dataset
    wanted = {
        node.table.partition(".")[2]
        for node in manifest.values()
        if node.meta.get(MARK) is True or node.resource_type == "snapshot"
    }
    datasets = {name.partition(".")[0] for name in wanted} | {ops_dataset}
    found = (f"{of}.{name}" for of in datasets for name in connection.table_names(of))
    return tuple(sorted(n for n in found if n in wanted or n.startswith(f"{ops_dataset}.")))


def make_backup(
    connection: Connection, manifest: Mapping[str, ManifestNode], now: datetime
) -> Backup:
    """Save all tables, as they are one after the other within seconds.

    Counts, hashes and files are taken from the snapshots, which do not change. The manifest is
    written last: a backup without one did not come to its end, and is not listed. What is stopped
    or fails leaves nothing behind.
    """
    settings = connection.settings
    backup_id = f"{now:%Y%m%dT%H%M%SZ}"
    expires_at = now + timedelta(days=settings.backup.keep_days)
    files = open_backups(settings)
    ensure_dataset(connection, backup_dataset(settings.dataset))
    with ExitStack() as unfinished:
        saved = []
        for table in tables_to_save(connection, manifest):
            unfinished.callback(_remove, connection, files, backup_id, table)
            saved.append(_save(connection, files, backup_id, table, expires_at))
        backup = Backup(backup_id, expires_at.isoformat(), tuple(saved))
        files.write(f"{backup_id}{MANIFEST}", json.dumps(asdict(backup), indent=2))
        unfinished.pop_all()
    return backup


def _save(
    connection: Connection, files: RunFiles, backup_id: str, table: str, expires_at: datetime
) -> SavedTable:
    source = f"{connection.settings.project}.{table}"
    snapshot = _snapshot(connection, backup_id, table)
    connection.query(
        f"create snapshot table `{snapshot}` clone `{source}` "
        f"options (expiration_timestamp = timestamp '{expires_at:%Y-%m-%d %H:%M:%S}+00')"
    )
    rows, row_hash = content_of(connection, snapshot)
    shape = _shape(connection, source)
    _export(connection, files, snapshot, f"{backup_id}/{table}")
    return SavedTable(table, snapshot, rows, row_hash, shape)


def _snapshot(connection: Connection, backup_id: str, table: str) -> str:
    name = f"{backup_id}__{table.replace('.', '__')}"
    return connection.table_id(backup_dataset(connection.settings.dataset), name)


def _remove(connection: Connection, files: RunFiles, backup_id: str, table: str) -> None:
    """Remove what there is of a table of a backup that did not come to its end."""
    with suppress(Exception):
        connection.client.delete_table(_snapshot(connection, backup_id, table), not_found_ok=True)
    with suppress(Exception):
        if isinstance(files, FilesInBucket):
            for name in files.names(backup_id):
                files.remove(name)
        else:
            shutil.rmtree(files.folder / backup_id, ignore_errors=True)


def remove_expired_exports(settings: Settings, now: datetime) -> tuple[str, ...]:
    """Remove the files of expired backups from a folder; a bucket has its lifecycle rule."""
    files = open_backups(settings)
    if isinstance(files, FilesInBucket):
        return ()
    old = [b.backup_id for b in list_backups(settings) if b.expires_at < now.isoformat()]
    for backup_id in old:
        files.remove(f"{backup_id}{MANIFEST}")
        shutil.rmtree(files.folder / backup_id, ignore_errors=True)
    return tuple(old)


def list_backups(settings: Settings) -> tuple[Backup, ...]:
    """Return the backups that came to their end, the newest first."""
    files = open_backups(settings)
    names = (name.removesuffix(MANIFEST) for name in files.names() if name.endswith(MANIFEST))
    return tuple(read_backup(settings, name) for name in reversed(list(names)))


def read_backup(settings: Settings, backup_id: str) -> Backup:
    """Return one backup."""
    text = None
    if BACKUP_ID.fullmatch(backup_id):
        text = open_backups(settings).read(f"{backup_id}{MANIFEST}")
    if text is None:
        raise InputError(f"there is no backup {backup_id}", "see 'concord backup --list'")
    document = json.loads(text)
    tables = tuple(SavedTable(**table) for table in document["tables"])
    return Backup(document["backup_id"], document["expires_at"], tables)


def content_of(connection: Connection, table_id: str) -> tuple[int, str]:
    """Return the number of rows, and a hash of them that does not depend on their order.

    Two folds: in an exclusive-or alone, two equal rows that appear would not be seen.
    """
    sql = f"""
        with fingerprints as (
            select farm_fingerprint(to_json_string(rows_of_table)) as fingerprint
            from `{table_id}` as rows_of_table
        )

        select
            count(*) as n_rows,
            cast(coalesce(bit_xor(fingerprint), 0) as string) as folded,
            cast(coalesce(sum(div(fingerprint, 4294967296)), 0) as string) as added,
        from fingerprints
    """
    row = next(iter(connection.query(sql)))
    return int(row["n_rows"]), f"{row['folded']}/{row['added']}"


def _shape(connection: Connection, table_id: str) -> dict[str, Any]:
    table = connection.client.get_table(table_id)
    partitions = table.time_partitioning
    return {
        "schema": [column.to_api_repr() for column in table.schema],
        "partitions": partitions.to_api_repr() if partitions else None,
        "clustering": list(table.clustering_fields or ()) or None,
    }


def uri_of(files: FilesInBucket, name: str) -> str:
    """Return the address of an export in Cloud Storage; BigQuery splits what is large."""
    return f"gs://{files.bucket.name}/{files.prefix}{name}-*.parquet"


def path_of(files: FilesOnDisk, name: str) -> Path:
    """Return the file of an export on disk."""
    return files.folder / f"{name}.parquet"


def _export(connection: Connection, files: RunFiles, snapshot: str, name: str) -> None:
    if isinstance(files, FilesInBucket):
        connection.query(
            f"export data options (uri = '{uri_of(files, name)}', format = 'PARQUET', "
            f"overwrite = true) as select * from `{snapshot}`"
        )
        return
    from pyarrow import parquet

    path = path_of(files, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = connection.query(f"select * from `{snapshot}`").to_arrow(create_bqstorage_client=False)
    parquet.write_table(rows, path)
