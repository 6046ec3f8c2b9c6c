"""Writes what was published into one SQLite file, a batch of rows at a time."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.alerts.store import event_schema
from orchestrator.errors import InputError, RunFailed
from orchestrator.reading.text_files import content_hash
from orchestrator.run_log.rows import RUNS
from orchestrator.serving.contents import FORMAT, KEYS, NAMES, TABLES, ServedTable
from orchestrator.serving.kept import NESTED, kept_column, kept_values
from orchestrator.serving.packed import gathered, packed_rows, packed_schema
from orchestrator.serving.place import ENDING, SnapshotFile, SnapshotPlace
from orchestrator.serving.spoken import indexed_text, sounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from google.cloud.bigquery import SchemaField, Table

    from orchestrator.bigquery.connect import Connection
    from orchestrator.steps import StepClock

NO_PUBLISHED: Final = "build and publish first: concord run"
PRAGMAS: Final = (
    # Packed rows are long: on pages of 4 KiB much would stay empty.
    "page_size = 8192",
    # Nobody reads the file before it is whole: a crash leaves one that is thrown away.
    "journal_mode = off",
    "synchronous = off",
    "cache_size = -65536",
)
ANALYZED_ROWS: Final = 1000
UNKNOWN_RUN: Final = "unknown"
AFFINITY: Final = {
    **dict.fromkeys(("INTEGER", "INT64", "BOOLEAN", "BOOL"), "integer"),
    **dict.fromkeys(("FLOAT", "FLOAT64", "NUMERIC", "BIGNUMERIC"), "real"),
}


def build_snapshot(connection: Connection, run_id: str, clock: StepClock) -> SnapshotFile:
    """Write a snapshot of what is published, and let it be the newest of its place."""
    place = SnapshotPlace(connection.settings)
    now = datetime.now(UTC)
    name = f"{now:%Y%m%dT%H%M%S%f}-{run_id}{ENDING}"
    with tempfile.TemporaryDirectory(prefix="concord-snapshot-") as scratch:
        path = Path(scratch) / name
        with clock.step("snapshot"):
            data_as_of = _write(connection, path, run_id, now, clock)
        found = SnapshotFile(
            name, FORMAT, run_id, data_as_of, path.stat().st_size, content_hash(path)
        )
        with clock.step("upload"):
            place.put(path, found)
    return found


def last_published_run(connection: Connection) -> str:
    """Return the run whose tables are published, as far as the run log knows; else `unknown`.

    The log itself is asked: `fct_runs` is built inside a run, and never knows the newest one.
    """
    log = connection.settings.ops_dataset
    if RUNS not in connection.table_names(log):
        return UNKNOWN_RUN
    rows = connection.query(
        f"select run_id from `{connection.table_id(log, RUNS)}`"
        " where published_tables > 0 order by ended_at desc limit 1"
    )
    return next((str(row["run_id"]) for row in rows), UNKNOWN_RUN)


def _write(connection: Connection, path: Path, run_id: str, now: datetime, clock: StepClock) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for pragma in PRAGMAS:
            file.execute(f"pragma {pragma}")
        file.create_function("sounds_of", 1, sounds_of, deterministic=True)
        file.create_function("indexed_text", -1, indexed_text, deterministic=True)
        file.execute("begin")
        file.execute("create table kept_otherwise (table_name text, column_name text, kind text)")
        written = {table: _copy_table(connection, table, file, clock) for table in TABLES}
        _check_unchanged(connection, written)
        # Alerts are as old as the last trouble.
        oldest = min(time for table, time in written.items() if table.layer != "ops")
        data_as_of = oldest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for index, (words, script) in enumerate((("keys", KEYS), ("names", NAMES))):
            clock.update(f"{len(TABLES) + index + 1} of {len(TABLES) + 2}: {words}")
            _run(file, script)
        facts = {
            "format": FORMAT,
            "run_id": run_id,
            "data_as_of": data_as_of,
            "built_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        }
        file.execute("create table facts (name text primary key, value text)")
        file.executemany("insert into facts values (?, ?)", facts.items())
        file.execute("commit")
        # Statistics, without which indexes are chosen by guess; a sample of each is enough.
        file.execute(f"pragma analysis_limit = {ANALYZED_ROWS}")
        file.execute("analyze")
    return data_as_of


def _run(file: sqlite3.Connection, script: str) -> None:
    """Run the statements of a script inside the transaction that is open."""
    statement = ""
    for part in script.split(";"):
        statement = f"{statement}{part};"
        if sqlite3.complete_statement(statement) and statement.strip(" \n;"):
            file.execute(statement)
            statement = ""


def _copy_table(
    connection: Connection, table: ServedTable, file: sqlite3.Connection, clock: StepClock
) -> datetime:
    """Copy one table with its indexes; return when the warehouse wrote it."""
    number = TABLES.index(table) + 1
    clock.update(f"{number} of {len(TABLES) + 2}: {table.name}")
    table_id = snapshot_source(connection, table)
    found = _found(connection, table, table_id)
    schema = found.schema if found else event_schema()
    affinities = {field.name: _affinity(field) for field in schema}
    file.executemany("insert into kept_otherwise values (?, ?, ?)", _kept_otherwise(table, schema))
    batches = connection.record_batches(table_id) if found else iter(())
    modified = (found and found.modified) or datetime.now(UTC)
    if table.packed_by:
        for statement in packed_schema(table, affinities):
            file.execute(statement)
        insert = _insert(f"{table.name}_packed", len(table.packed_by) + 1)
        for batch in gathered(batches):
            file.executemany(insert, packed_rows(_kept(batch, schema), table.packed_by))
        _index(file, f"{table.name}_packed", 0, table.packed_by)
        return modified
    columns = ", ".join(f"{name} {affinity}" for name, affinity in affinities.items())
    file.execute(f"create table {table.name} ({columns})")
    insert = _insert(table.name, len(affinities))
    for batch in batches:
        values = (kept_values(column) for column in _kept(batch, schema).values())
        file.executemany(insert, zip(*values, strict=True))
    for number, names in enumerate(table.found_by):
        _index(file, table.name, number, names)
    return modified


def _found(connection: Connection, table: ServedTable, table_id: str) -> Table | None:
    """Return a table; None for the alerts of a warehouse that has never had one."""
    from google.api_core.exceptions import NotFound

    try:
        return connection.client.get_table(table_id)
    except NotFound as error:
        if table.layer == "ops":
            return None
        raise InputError(f"{table_id} is not there", NO_PUBLISHED) from error


def _kept_otherwise(
    table: ServedTable, schema: Iterable[SchemaField]
) -> Iterator[tuple[str, str, str]]:
    """Yield what a reader has to turn back: lists and structs are JSON, truth values 0 and 1."""
    for field in schema:
        if field.mode == "REPEATED" or field.field_type in NESTED:
            yield table.name, field.name, "json"
        elif field.field_type in ("BOOLEAN", "BOOL"):
            yield table.name, field.name, "bool"


def snapshot_source(connection: Connection, table: ServedTable) -> str:
    """Return the full name of the table that a table of a snapshot is copied from."""
    settings = connection.settings
    dataset = {
        "published": settings.published_dataset,
        "marts": f"{settings.dataset}_marts",
        "ops": settings.ops_dataset,
    }[table.layer]
    return connection.table_id(dataset, table.name)


def _check_unchanged(connection: Connection, written: dict[ServedTable, datetime]) -> None:
    """Refuse a copy of two nights: a run has published while the tables were read."""
    for table, modified in written.items():
        if table.layer != "published":
            continue
        now = connection.client.get_table(snapshot_source(connection, table)).modified
        if now is not None and now != modified:
            raise RunFailed(
                f"{table.name} was published anew meanwhile", "write the snapshot again"
            )


def _affinity(field: SchemaField) -> str:
    return "text" if field.mode == "REPEATED" else AFFINITY.get(field.field_type, "text")


def _insert(table: str, n_columns: int) -> str:
    return f"insert into {table} values ({', '.join('?' * n_columns)})"


def _index(file: sqlite3.Connection, table: str, number: int, columns: tuple[str, ...]) -> None:
    file.execute(f"create index {table}_{number} on {table} ({', '.join(columns)})")


def _kept(batch: pa.RecordBatch, schema: list[SchemaField]) -> dict[str, pa.Array]:
    return {field.name: kept_column(batch.column(field.name), field) for field in schema}
