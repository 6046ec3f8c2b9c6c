"""The result of an earlier file, which the ids of this one go on from."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import duckdb

from orchestrator.bigquery.upload import upload_ndjson
from orchestrator.errors import InputError
from orchestrator.mapping.mapped_sql import quoted
from orchestrator.resolve.result_folder import (
    DECISIONS_FILE,
    LEDGER_FILE,
    NUMBERS_FILE,
    SUMMARY_FILE,
)
from orchestrator.sources.own_tables import ENTITY_LEDGER
from orchestrator.sources.source_schemas import read_own_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.mapping.mapped_file import InputFile

GIVE_A_RESULT: Final = "give the folder that an earlier `concord resolve` wrote with --out"


@dataclass(frozen=True, slots=True)
class Previous:
    """A result folder, checked as far as its ids are concerned."""

    folder: Path
    entity: str
    # Names of its source systems, in the order of its files.
    sources: tuple[str, ...]

    @property
    def ledger(self) -> Path:
        """Return the file of what became of each record."""
        return self.folder / LEDGER_FILE

    def record_ids(self) -> set[str]:
        """Return the records that it knows, also those that are gone."""
        rows = duckdb.execute(f"select distinct record_id from {quoted(str(self.ledger))}")
        return {record_id for (record_id,) in rows.fetchall()}

    @property
    def numbers(self) -> Path | None:
        """Return the file of the numbers of rows without ids, where the files had none."""
        path = self.folder / NUMBERS_FILE
        return path if path.is_file() else None

    @property
    def decisions(self) -> Path:
        """Return the file of what has been decided; it need not exist."""
        return self.folder / DECISIONS_FILE


def read_previous(folder: Path, entity: str) -> Previous:
    """Return an earlier result; refuse a folder that is none, or one of the other entity."""
    try:
        summary = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
        sources = tuple(str(name) for name in summary["sources"])
        was = str(summary["entity"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder} is no result of `concord resolve`", GIVE_A_RESULT) from error
    if not (folder / LEDGER_FILE).is_file():
        raise InputError(
            f"{folder} knows no ids: {LEDGER_FILE} is not there",
            "resolve the earlier file again without `--format none`",
        )
    if was != entity:
        raise InputError(f"{folder} is about another entity: {was}", GIVE_A_RESULT)
    return Previous(folder, entity, sources)


def with_earlier_names(
    files: Sequence[InputFile], previous: Previous | None
) -> tuple[InputFile, ...]:
    """Give files the names of source systems that they had: a record is known by its source and id.

    This month's file is usually called otherwise than the last one. One file goes on from one;
    of several, those with the same name do.
    """
    if previous is None or len(files) != 1 or len(previous.sources) != 1:
        return tuple(files)
    return (replace(files[0], source=previous.sources[0]),)


def load_ledger(connection: Connection, previous: Previous, scratch: Path) -> None:
    """Put the earlier ledger into the warehouse."""
    (declared,) = (
        one for one in read_own_tables(connection.settings.project_dir) if one.name == ENTITY_LEDGER
    )
    table_id = connection.table_id(connection.settings.ops_dataset, ENTITY_LEDGER)
    path = scratch / "ledger.ndjson"
    columns = ", ".join(column.name for column in declared.columns)
    try:
        with duckdb.connect() as reading:
            reading.execute("set TimeZone = 'UTC'")
            reading.execute(
                f"copy (select {columns} from {quoted(str(previous.ledger))}) "
                f"to {quoted(str(path))} (format json, timestampformat '%Y-%m-%d %H:%M:%S.%f')"
            )
    except duckdb.Error as error:
        raise InputError(f"{previous.ledger} is damaged", GIVE_A_RESULT) from error
    upload_ndjson(connection, path, table_id, declared.schema(), replace=True)
    path.unlink()


def write_ledger(new_rows: Path, previous: Previous | None, path: Path) -> None:
    """Write what the next file's ids go on from: the earlier rows and the new ones."""
    rows = f"from {quoted(str(new_rows))}"
    if previous is not None:
        rows = f"(from {quoted(str(previous.ledger))}) union all by name ({rows})"
    duckdb.execute(f"copy ({rows}) to {quoted(str(path))} (format parquet)")
