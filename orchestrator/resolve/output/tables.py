"""The tables that the files for people are written from, made inside DuckDB.

Each is one query: over the rows that were read, and over what the warehouse gave as Parquet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.decisions.decision import VERDICTS
from orchestrator.errors import RunFailed
from orchestrator.mapping.mapped_sql import free_name, quoted, quoted_name
from orchestrator.resolve.output.reasons import reasons_sql
from orchestrator.resolve.output.side_by_side import review_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

    from orchestrator.mapping.kept_columns import KeptColumns
    from orchestrator.sources.source_schemas import RawTable

ENTITIES: Final = "entities.parquet"
GOLDEN: Final = "golden_rows.parquet"
REVIEW: Final = "review_rows.parquet"
LEDGER: Final = "ledger_rows.parquet"
# The company of each record of a person that names one, where companies were asked for.
COMPANY_IDS: Final = "company_ids.parquet"
COMPANY_ID: Final = "company_entity_id"
# What is added to the columns of a file.
ADDED: Final = ("entity_id", "entity_size", "confidence", "why")
SEPARATOR: Final = "; "
# What stands before the file's own id: `files:people:` and the source system, without a colon.
BEFORE_OWN_ID: Final = "^[^:]*:[^:]*:([^:]*):"


@dataclass(frozen=True, slots=True)
class OutputTable:
    """A file to be written: its name without an ending, and the query of its rows."""

    name: str
    sql: str
    # Rows of one group belong together; None where there are no groups.
    group_column: str | None = None
    # What may be filled in, by column.
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)


def output_tables(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    columns: KeptColumns,
    folder: Path,
    *,
    sources: Sequence[str],
    is_numbered: bool,
) -> Iterator[OutputTable]:
    """Yield the tables; `folder` holds what the warehouse gave."""
    entities = f"from {quoted(str(folder / ENTITIES))}"
    connection.execute(f"create or replace view entities as {entities}")
    has_sources = len(sources) > 1
    reasons = reasons_sql(connection, has_sources=has_sources)
    connection.execute(f"create or replace table reasons as {reasons}")
    _check_complete(connection)
    yield _records(connection, columns, folder / COMPANY_IDS, is_numbered=is_numbered)
    yield OutputTable("golden", _golden(connection, folder / GOLDEN))
    review = review_sql(folder / REVIEW, table, has_sources=has_sources)
    yield OutputTable("review", review, choices={"decision": VERDICTS})
    yield OutputTable("changes", _changes(folder, has_sources=has_sources))


def _check_complete(connection: duckdb.DuckDBPyConnection) -> None:
    (lost,) = connection.execute(
        "select count(*) from mapped anti join reasons using (source_system, record_id)"
    ).fetchall()[0]
    if lost:
        raise RunFailed(
            f"{lost:,} rows have no entity",
            "run again with --keep-warehouse FOLDER and look at stg_quarantine there",
        )


def _records(
    connection: duckdb.DuckDBPyConnection,
    columns: KeptColumns,
    company_ids: Path,
    *,
    is_numbered: bool,
) -> OutputTable:
    headed = columns.headed()
    given = set(headed.values())
    own = {name: free_name(name, given) for name in ADDED}
    (count,) = connection.execute("select count(distinct file_number) from mapped").fetchall()[0]
    source = [f"mapped._file_name as {quoted_name(free_name('file', given))}"] if count > 1 else []
    if is_numbered:
        source.append(f"mapped.record_id as {quoted_name(free_name('record_id', given))}")
    selected = [
        *source,
        *(f"kept.{column} as {quoted_name(header)}" for column, header in headed.items()),
        *(f"reasons.{name} as {own[name]}" for name in ADDED),
    ]
    companies = ""
    if company_ids.exists():
        selected.append(f"companies.{COMPANY_ID} as {free_name(COMPANY_ID, given)}")
        rows = quoted(str(company_ids))
        companies = f"left join {rows} as companies using (source_system, record_id)"
    sql = f"""
        select {", ".join(selected)}
        from mapped
        inner join kept using (position)
        inner join reasons using (source_system, record_id)
        {companies}
        order by mapped.position
    """
    return OutputTable("records", sql, own["entity_id"])


def _golden(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    rows = f"from {quoted(str(path))}"
    described = connection.execute(f"describe {rows}").fetchall()
    names = [name for name, kind, *_ in described if name not in ("entity_id", "n_records")]
    kinds = {name: kind for name, kind, *_ in described}
    values = ", ".join(
        f"nullif(array_to_string({name}, {quoted(SEPARATOR)}), '') as {name}"
        if kinds[name].endswith("[]")
        else name
        for name in names
    )
    return f"""
        with members as (
            select
                entity_id,
                string_agg(shown_id, {quoted(SEPARATOR)} order by source_system, record_id)
                    as records,
                min(confidence) as lowest_confidence,
            from reasons
            group by entity_id
        )
        select entity_id, n_records, lowest_confidence, {values}, records
        from {quoted(str(path))}
        left join members using (entity_id)
        order by n_records desc, entity_id
    """


def _changes(folder: Path, *, has_sources: bool) -> str:
    own_id = f"regexp_replace(ledger.record_id, {quoted(BEFORE_OWN_ID)}, '')"
    source = f"regexp_extract(ledger.record_id, {quoted(BEFORE_OWN_ID)}, 1)"
    # As the macro `file_record_id` writes it.
    source = f"replace(replace({source}, '%3A', ':'), '%25', '%') as source,"
    return f"""
        select
            ledger.event,
            ledger.cause,
            {own_id} as record_id,
            {source if has_sources else ""}
            golden.display_name,
            ledger.entity_id_before,
            ledger.entity_id,
        from {quoted(str(folder / LEDGER))} as ledger
        left join {quoted(str(folder / GOLDEN))} as golden using (entity_id)
        order by ledger.event, ledger.entity_id, ledger.record_id
    """
