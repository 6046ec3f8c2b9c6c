"""Brings FEBRL's data sets into the form of every benchmark data set: records.csv, truth.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_febrl(folder: Path, sources: Mapping[str, Path]) -> None:
    """Write the records of one or several files; the part before -org and -dup is the entity."""
    folder.mkdir(parents=True, exist_ok=True)
    selects = [
        f"select rec_id, '{source}' as source_dataset, * exclude (rec_id)"
        f" from read_csv('{path}', all_varchar = true, header = true)"
        for source, path in sources.items()
    ]
    with duckdb.connect() as connection:
        # One thread keeps the order of the rows.
        connection.execute("set threads = 1")
        connection.execute(f"create table febrl as {' union all '.join(selects)}")
        connection.execute("alter table febrl rename rec_id to record_id")
        _write(connection, "select trim(columns(*)) from febrl", folder / "records.csv")
        _write(
            connection,
            "select trim(record_id) as record_id,"
            " regexp_extract(record_id, 'rec-[0-9]+') as entity_id from febrl",
            folder / "truth.csv",
        )


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"copy ({query}) to '{path}' (format csv, header)")
