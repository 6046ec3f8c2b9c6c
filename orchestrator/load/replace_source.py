"""Makes some files all there is of a source: what others brought of it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.errors import InputError
from orchestrator.load.load_ledger import LEDGER_TABLE, beside, literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.bigquery.connect import Connection
    from orchestrator.sources.source_schemas import RawTable


def checked_source(name: str, table: RawTable) -> str:
    """Return the name of a source as its rows have it; refuse a table that knows no sources."""
    if not {"source_system", "_file_hash"} <= table.column_by_name.keys():
        raise InputError(
            f"{table.full_name} does not know which source a row is of",
            "load into files.people or files.companies, or leave --replace-source out",
        )
    if not name.strip():
        raise InputError("a source without a name", "give the name of the source")
    return name.strip()


def replace_source(
    connection: Connection, table: RawTable, source: str, file_hashes: Sequence[str]
) -> int:
    """Remove the rows of a source that other files brought, in one transaction; return how many.

    The entries of files that have no row left go too, so that they can be loaded again.
    """
    target = beside(connection, table, table.name)
    ledger = beside(connection, table, LEDGER_TABLE)
    kept = ", ".join(literal(one) for one in file_hashes)
    others = f"source_system = {literal(source)} and coalesce(_file_hash, '') not in ({kept})"
    rows = connection.query(f"select count(*) as n from `{target}` where {others}")
    removed = int(next(iter(rows))["n"])
    # A file of which every row was rejected never had one.
    without_rows = (
        f"e.table_name = {literal(table.name)} and e.rows_loaded > 0 and not exists"
        f" (select 1 from `{target}` as t where t._file_hash = e.file_hash)"
    )
    connection.query(
        f"begin transaction; delete from `{target}` where {others};"
        f" delete from `{ledger}` as e where {without_rows}; commit transaction;"
    )
    return removed
