"""Gives raw tables the declared columns that they lack, or says what somebody else must do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.bigquery.ensure import ensure_columns, missing_columns, named_right
from orchestrator.errors import WarehouseRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection
    from orchestrator.sources.source_schemas import RawTable


@dataclass(frozen=True, slots=True)
class _Lack:
    """Columns that could not be added to a table, why, and what helps."""

    table_id: str
    names: tuple[str, ...]
    reason: str
    what_to_do: str
    right: str = ""


def ensure_declared_columns(connection: Connection, tables: Iterable[RawTable]) -> None:
    """Add the declared columns that tables lack, empty: without them no model could read these.

    An older version declared fewer, and a connector makes a column with its first value. Where
    columns cannot be added, all such tables are named at once, before anything is built.
    """
    lacks = [lack for table in tables if (lack := _filled_up(connection, table)) is not None]
    if lacks:
        told = [f"{lack.table_id}: {', '.join(lack.names)} ({lack.reason})" for lack in lacks]
        raise WarehouseRefused(
            "\n".join(["raw tables lack columns that the models read", *told]),
            "\n".join(dict.fromkeys(lack.what_to_do for lack in lacks)),
            right=", ".join(dict.fromkeys(lack.right for lack in lacks if lack.right)),
        )


def _filled_up(connection: Connection, table: RawTable) -> _Lack | None:
    dataset = connection.settings.raw_dataset(table.source)
    table_id = connection.table_id(dataset, table.name)
    with named_right("bigquery.tables.get", f"dataset {dataset}"):
        found = connection.client.get_table(table_id)
    missing = missing_columns(found, table.schema())
    names = tuple(column.name for column in missing)
    if not names:
        return None
    if table.key in names:
        # A row of it could not be told from another: it is some other table, and stays as it is.
        return _Lack(
            table_id,
            names,
            f"rows are told apart by {table.key}",
            f"check that {table_id} is the table of {table.source} that it is taken for",
        )
    if found.table_type != "TABLE":
        return _Lack(
            table_id,
            names,
            f"it is a {found.table_type.lower().replace('_', ' ')}",
            f"let {table_id} have these columns, empty if there is nothing to put into them",
        )
    try:
        ensure_columns(connection, found, missing)
    except WarehouseRefused as error:
        kinds = {column.name: column.data_type.lower() for column in table.columns}
        added = ", ".join(f"add column {name} {kinds[name]}" for name in names)
        what_to_do = (
            "let the connector bring these columns, or let somebody who may add them, empty: "
            f"alter table `{table_id}` {added}"
        )
        reason = f"the account lacks {error.right}"
        return _Lack(table_id, names, reason, what_to_do, error.right)
    return None
