"""Writes what was published into one SQLite file, a batch of rows at a time."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError, RunFailed
from orchestrator.reading.text_files import content_hash
from orchestrator.run_log.rows import RUNS
from orchestrator.serving.contents import FORMAT, KEYS, NAMES, TABLES, ServedTable
from orchestrator.serving.place import ENDING, SnapshotFile, SnapshotPlace
from orchestrator.serving.spoken import indexed_text, sounds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud.bigquery import SchemaField, Table

    from orchestrator.bigquery.connect import Connection
    from orchestrator.steps import StepClock

NO_PUBLISHED: Final = "build and publish first: concord run"
CACHE_KIB: Final = 65_536
ANALYZED_ROWS: Final = 1000
UNKNOWN_RUN: Final = "unknown"
TIMES: Final = {"TIMESTAMP": "%Y-%m-%dT%H:%M:%SZ", "DATE": "%Y-%m-%d"}
DECIMALS: Final = ("NUMERIC", "BIGNUMERIC")
AS_JSON: Final = json.JSONEncoder(default=str, ensure_ascii=False, separators=(",", ":")).encode
NESTED: Final = ("RECORD", "STRUCT")
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
        # Nobody reads the file before it is whole: a crash leaves one that is thrown away.
        for pragma in ("journal_mode = off", "synchronous = off", f"cache_size = -{CACHE_KIB}"):
            file.execute(f"pragma {pragma}")
        file.create_function("sounds_of", 1, sounds_of, deterministic=True)
        file.create_function("indexed_text", -1, indexed_text, deterministic=True)
        file.execute("begin")
        file.execute("create table kept_otherwise (table_name text, column_name text, kind text)")
        written = {table: _copy_table(connection, table, file, clock) for table in TABLES}
        _check_unchanged(connection, written)
        oldest = min(written.values())
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
    from google.api_core.exceptions import NotFound

    number = TABLES.index(table) + 1
    clock.update(f"{number} of {len(TABLES) + 2}: {table.name}")
    table_id = _table_id(connection, table)
    try:
        found = connection.client.get_table(table_id)
    except NotFound as error:
        raise InputError(f"{table_id} is not there", NO_PUBLISHED) from error
    columns = ", ".join(f"{field.name} {_affinity(field)}" for field in found.schema)
    file.execute(f"create table {table.name} ({columns})")
    file.executemany("insert into kept_otherwise values (?, ?, ?)", _kept_otherwise(table, found))
    places = ", ".join("?" for _ in found.schema)
    insert = f"insert into {table.name} values ({places})"
    for batch in connection.record_batches(table_id):
        file.executemany(insert, _rows(batch, found.schema))
    for number, names in enumerate(table.found_by):
        file.execute(f"create index {table.name}_{number} on {table.name} ({', '.join(names)})")
    return found.modified or datetime.now(UTC)


def _kept_otherwise(table: ServedTable, found: Table) -> Iterator[tuple[str, str, str]]:
    """Yield what a reader has to turn back: lists and structs are JSON, truth values 0 and 1."""
    for field in found.schema:
        if field.mode == "REPEATED" or field.field_type in ("RECORD", "STRUCT"):
            yield table.name, field.name, "json"
        elif field.field_type in ("BOOLEAN", "BOOL"):
            yield table.name, field.name, "bool"


def _table_id(connection: Connection, table: ServedTable) -> str:
    settings = connection.settings
    dataset = settings.published_dataset if table.is_published else f"{settings.dataset}_marts"
    return connection.table_id(dataset, table.name)


def _check_unchanged(connection: Connection, written: dict[ServedTable, datetime]) -> None:
    """Refuse a copy of two nights: a run has published while the tables were read."""
    for table, modified in written.items():
        now = connection.client.get_table(_table_id(connection, table)).modified
        if table.is_published and now is not None and now != modified:
            raise RunFailed(
                f"{table.name} was published anew meanwhile", "write the snapshot again"
            )


def _affinity(field: SchemaField) -> str:
    return "text" if field.mode == "REPEATED" else AFFINITY.get(field.field_type, "text")


def _rows(batch: Any, schema: list[SchemaField]) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    """Yield the rows of an Arrow batch as SQLite keeps them."""
    return zip(*(_values(batch.column(field.name), field) for field in schema), strict=True)


def _values(column: Any, field: SchemaField) -> list[Any]:  # noqa: ANN401 - of Arrow
    """Return a column as Python has it. Times become texts in Arrow: there are millions of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_list = field.mode == "REPEATED"
    if not is_list and field.field_type in TIMES:
        seconds = pc.cast(column, pa.timestamp("s"), safe=False)
        column = pc.strftime(seconds, format=TIMES[field.field_type])
    elif not is_list and field.field_type in DECIMALS:
        column = pc.cast(column, pa.float64())
    # By way of NumPy it takes a fifth of the time; numbers with gaps would turn into floats there.
    is_text = pa.types.is_string(column.type)
    is_plain = is_text or (pa.types.is_primitive(column.type) and not column.null_count)
    values: list[Any] = (
        column.to_numpy(zero_copy_only=False).tolist() if is_plain else column.to_pylist()
    )
    if is_list or field.field_type in NESTED:
        return [None if value is None else AS_JSON(value) for value in values]
    return values
