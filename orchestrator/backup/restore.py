"""Brings tables back from a backup. Nothing is replaced before everything is verified."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from orchestrator.backup.make import (
    backup_dataset,
    content_of,
    open_backups,
    path_of,
    uri_of,
)
from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.bigquery.layout import make_room
from orchestrator.errors import ConcordError, InputError, RunFailed
from orchestrator.files.state_files import FilesInBucket
from orchestrator.interruption import signals_held_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.backup.make import Backup, SavedTable
    from orchestrator.bigquery.connect import Connection
    from orchestrator.lock.fence import Fence

Origin = Literal["snapshot", "export"]


def chosen_tables(backup: Backup, names: Sequence[str]) -> tuple[SavedTable, ...]:
    """Return the tables of a backup by their names, with or without dataset; all when none."""
    unknown = [
        name
        for name in names
        if not any(name in (t.table, t.table.partition(".")[2]) for t in backup.tables)
    ]
    if unknown:
        have = ", ".join(table.table for table in backup.tables)
        raise InputError(f"{', '.join(unknown)} not in the backup", f"choose from: {have}")
    return tuple(
        table
        for table in backup.tables
        if not names or table.table in names or table.table.partition(".")[2] in names
    )


def restore_tables(
    connection: Connection,
    backup: Backup,
    tables: Sequence[SavedTable],
    origin: Origin,
    fence: Fence,
) -> None:
    """Replace tables by what the backup has of them.

    Each goes into a side table first, and its rows are counted and hashed there. When one differs,
    no table is touched. Then each is replaced by one copy job, in one step; who stops the command
    before that has changed nothing, and from then on it comes to its end.
    """
    sides = {table.table: _side_id(connection, backup, table) for table in tables}
    done: list[str] = []
    try:
        for table in tables:
            _fill_side(connection, backup, table, sides[table.table], origin)
            _verify(connection, table, sides[table.table], origin)
        fence.confirm()
        with signals_held_back():
            for table in tables:
                ensure_dataset(connection, table.table.partition(".")[0])
                target = f"{connection.settings.project}.{table.table}"
                fence.require()
                make_room(connection, sides[table.table], target, may_drop=False)
                _copy(connection, sides[table.table], target)
                done.append(table.table)
    except ConcordError:
        raise
    except Exception as error:
        known = as_concord_error(error)
        if known is None:
            raise
        raise type(known)(
            f"the restore stopped: {known.message}\nreplaced: {', '.join(done) or 'no table'}",
            f"{known.what_to_do}; each table is whole, old or new",
        ) from error
    finally:
        for side in sides.values():
            # What cannot be removed must not hide what stopped the restore.
            with suppress(Exception):
                connection.client.delete_table(side, not_found_ok=True)


def _side_id(connection: Connection, backup: Backup, table: SavedTable) -> str:
    name = f"restoring__{backup.backup_id}__{table.table.replace('.', '__')}"
    return connection.table_id(backup_dataset(connection.settings.dataset), name)


def _fill_side(
    connection: Connection, backup: Backup, table: SavedTable, side: str, origin: Origin
) -> None:
    if origin == "snapshot":
        _copy(connection, table.snapshot, side, operation_type="RESTORE")
        return
    files, name = open_backups(connection.settings), f"{backup.backup_id}/{table.table}"
    job_config = _load_config(table.shape)
    if isinstance(files, FilesInBucket):
        uri = uri_of(files, name)
        connection.client.load_table_from_uri(uri, side, job_config=job_config).result()
        return
    path = path_of(files, name)
    if not path.is_file():
        raise InputError(f"{path} is missing", "restore --from snapshot, or from another backup")
    with path.open("rb") as file:
        connection.client.load_table_from_file(file, side, job_config=job_config).result()


def _load_config(shape: dict[str, Any]) -> Any:  # noqa: ANN401 - Google's class is imported late
    from google.cloud.bigquery import (
        LoadJobConfig,
        ParquetOptions,
        SchemaField,
        SourceFormat,
        TimePartitioning,
        WriteDisposition,
    )

    # Lists are written as the three levels of Parquet's standard; this reads them as arrays.
    lists = ParquetOptions()
    lists.enable_list_inference = True
    config = LoadJobConfig(
        source_format=SourceFormat.PARQUET,
        write_disposition=WriteDisposition.WRITE_TRUNCATE,
        schema=[SchemaField.from_api_repr(column) for column in shape["schema"]],
        parquet_options=lists,
    )
    if shape["partitions"]:
        config.time_partitioning = TimePartitioning.from_api_repr(shape["partitions"])
    if shape["clustering"]:
        config.clustering_fields = shape["clustering"]
    return config


def _verify(connection: Connection, table: SavedTable, side: str, origin: Origin) -> None:
    found = content_of(connection, side)
    if found != (table.rows, table.row_hash):
        raise RunFailed(
            f"the {origin} of {table.table} is damaged: {found[0]:,} rows with hash {found[1]}, "
            f"expected {table.rows:,} with {table.row_hash}; nothing was replaced",
            "restore from the other origin (--from), or from another backup",
        )


def _copy(connection: Connection, source: str, target: str, **more: str) -> None:
    from google.cloud.bigquery import CopyJobConfig, WriteDisposition

    config = CopyJobConfig(write_disposition=WriteDisposition.WRITE_TRUNCATE, **more)
    connection.client.copy_table(source, target, job_config=config).result()
