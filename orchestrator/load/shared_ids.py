"""Finds ids of a loaded file that another file of the same source system has, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.load.load_ledger import FileLoad, literal

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

# What the key of a record is made of, and what tells which file a row came from.
NEEDED: Final = frozenset({"record_id", "source_system", "_file_name", "_file_hash"})
# As staging reads ids and names of systems.
BLANKS: Final = r"' \t\n\f\r'"


def shared_ids(connection: Connection, load: FileLoad) -> tuple[tuple[str, int], ...]:
    """Return the other files with ids of this one, and how many; the most first.

    Such rows are versions of one record. Connectors' tables do not say which file a row came from.
    """
    if not set(load.table.column_by_name) >= NEEDED:
        return ()
    dataset = connection.settings.raw_dataset(load.table.source)
    sql = f"""
        with ids as (
            select distinct
                _file_name,
                _file_hash = {literal(load.file_hash)} as is_own,
                coalesce(nullif(trim(source_system, {BLANKS}), ''), 'files') as source_system,
                trim(record_id, {BLANKS}) as record_id
            from `{connection.table_id(dataset, load.table.name)}`
        )

        select others._file_name as file_name, count(*) as n_ids
        from ids as own
        inner join ids as others
            on own.source_system = others.source_system and own.record_id = others.record_id
        where own.is_own and not others.is_own
        group by others._file_name
        order by n_ids desc, file_name
    """
    return tuple((str(row["file_name"]), int(row["n_ids"])) for row in connection.query(sql))
