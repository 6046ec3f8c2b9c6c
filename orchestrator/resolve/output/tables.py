"""The tables that the files for people are written from, made inside DuckDB.

Each is one query: over the rows that were read, and over what the warehouse gave as Parquet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.decisions.decision import VERDICTS
from orchestrator.errors import RunFailed
from orchestrator.mapping.mapped_sql import quoted
from orchestrator.report.labels import label
from orchestrator.resolve.match_export import WEIGHT_PREFIX

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
# What is added to the columns of a file.
ADDED: Final = ("entity_id", "entity_size", "confidence", "why")
# Of the comparisons that a reason names, and the least that one says in bits.
MOST_NAMED: Final = 3
LEAST_WEIGHT: Final = 1.0
SEPARATOR: Final = "; "
# What stands before the file's own id: `files:people:` and the source system, without a colon.
BEFORE_OWN_ID: Final = "^[^:]*:[^:]*:[^:]*:"


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
    reasons = _reasons(connection, has_sources=has_sources)
    connection.execute(f"create or replace table reasons as {reasons}")
    _check_complete(connection)
    yield _records(connection, columns, is_numbered=is_numbered)
    yield OutputTable("golden", _golden(connection, folder / GOLDEN))
    review = _review(folder / REVIEW, table, has_sources=has_sources)
    yield OutputTable("review", review, choices={"decision": VERDICTS})
    yield OutputTable("changes", _changes(folder))


def _check_complete(connection: duckdb.DuckDBPyConnection) -> None:
    (lost,) = connection.execute(
        "select count(*) from mapped anti join reasons using (source_system, record_id)"
    ).fetchall()[0]
    if lost:
        raise RunFailed(
            f"{lost:,} rows have no entity",
            "run again with --keep-warehouse FOLDER and look at stg_quarantine there",
        )


def _reasons(connection: duckdb.DuckDBPyConnection, *, has_sources: bool) -> str:
    """Return the query of one row per record with its reason in words."""
    weights = [
        row[0]
        for row in connection.execute("describe entities").fetchall()
        if row[0].startswith(WEIGHT_PREFIX)
    ]
    # One list per record: what a comparison is called, and what it says.
    said = ", ".join(
        f"{{'weight': {name}, 'name': {quoted(label(name.removeprefix(WEIGHT_PREFIX)).lower())}}}"
        for name in weights
    )
    named = (
        "array_to_string(list_transform(list_{order}(list_filter("
        "[{said}], lambda c: c.weight {sign} {least})){part}, lambda c: c.name), ', ')"
    )
    part = f"[1:{MOST_NAMED}]"
    speaks_for = named.format(
        said=said, order="reverse_sort", sign=">=", least=LEAST_WEIGHT, part=part
    )
    against = named.format(said=said, order="sort", sign="<=", least=-LEAST_WEIGHT, part=part)
    of_source = "{0} || ' of ' || {1}" if has_sources else "{0}"
    copy = of_source.format("copy_of", "copy_source")
    other = of_source.format("most_like", "most_like_source")
    return f"""
        select
            source_system,
            source_id as record_id,
            {of_source.format("source_id", "source_system")} as shown_id,
            entity_id,
            entity_size,
            round(confidence::double, 4) as confidence,
            case
                when copy_of is not null then 'says the same as ' || {copy}
                when entity_size = 1 and most_like is null then 'no other record is like it'
                when entity_size = 1 then 'alone; most like ' || {other}
                    || coalesce(', but not: ' || nullif({against}, ''), ', too little is common')
                when is_together then 'like ' || {other}
                    || coalesce(': ' || nullif({speaks_for}, ''), '')
                else 'joined by a decision, or by what its source says'
            end as why,
        from entities
    """


def _records(
    connection: duckdb.DuckDBPyConnection, columns: KeptColumns, *, is_numbered: bool
) -> OutputTable:
    headed = columns.headed()
    given = {header.casefold() for header in headed.values()}
    own = {name: f"concord_{name}" if name in given else name for name in ADDED}
    (count,) = connection.execute("select count(distinct file_number) from mapped").fetchall()[0]
    source = [f"mapped._file_name as {_quoted_name(_free('file', given))}"] if count > 1 else []
    if is_numbered:
        source.append(f"mapped.record_id as {_quoted_name(_free('record_id', given))}")
    selected = [
        *source,
        *(f"kept.{column} as {_quoted_name(header)}" for column, header in headed.items()),
        *(f"reasons.{name} as {own[name]}" for name in ADDED),
    ]
    sql = f"""
        select {", ".join(selected)}
        from mapped
        inner join kept using (position)
        inner join reasons using (source_system, record_id)
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


def _review(path: Path, table: RawTable, *, has_sources: bool) -> str:
    left_out = "" if has_sources else "exclude (source_l, source_r)"
    sides = ", ".join(
        f"shown_{side}.{kind} as {kind}_{side}"
        for kind in ("name", "address", "contacts")
        for side in "lr"
    )
    sides += ", round(asked.match_weight, 1) as match_weight"
    return f"""
        with asked as (from {quoted(str(path))}),
        shown as ({_shown_values(table)}),
        side_by_side as (
            select asked.priority, '' as decision, asked.* exclude (priority) replace ({sides})
            from asked
            left join shown as shown_l
                on asked.source_l = shown_l.source_system and asked.record_id_l = shown_l.record_id
            left join shown as shown_r
                on asked.source_r = shown_r.source_system and asked.record_id_r = shown_r.record_id
        )
        select * {left_out} from side_by_side order by priority
    """


def _shown_values(table: RawTable) -> str:
    """Return the query of what a person reads to tell records apart, as the files have it."""
    columns = table.column_by_name.keys()
    lists = [name for name in ("domains", "emails", "phones") if name in columns]
    name = "company_name"
    contacts = [f"array_to_string({name}, ', ')" for name in lists]
    if "family_name" in columns:
        parts = "concat_ws(' ', given_name, middle_name, family_name, name_suffix)"
        name = f"coalesce(full_name, {parts})"
        contacts.append("company_name")
    address = "concat_ws(', ', street, nullif(concat_ws(' ', postcode, city), ''), region, country)"
    return f"""
        select
            source_system,
            record_id,
            nullif({name}, '') as name,
            nullif({address}, '') as address,
            array_to_string(list_filter([{", ".join(contacts)}], lambda c: c != ''), ', ')
                as contacts,
        from mapped
    """


def _changes(folder: Path) -> str:
    return f"""
        select
            ledger.event,
            ledger.cause,
            regexp_replace(ledger.record_id, {quoted(BEFORE_OWN_ID)}, '') as record_id,
            golden.display_name,
            ledger.entity_id_before,
            ledger.entity_id,
        from {quoted(str(folder / LEDGER))} as ledger
        left join {quoted(str(folder / GOLDEN))} as golden using (entity_id)
        order by ledger.event, ledger.entity_id, ledger.record_id
    """


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"concord_{name}"
    return name


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
