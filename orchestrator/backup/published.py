"""Keeps the published tables as they are, under a name, and brings them back by it.

That is for a deployment which turns out bad, and no backup: the copies lie in
`<dataset>_previous`, for the account that publishes, and end after a week. Only the newest name is
kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.bigquery.layout import make_room
from orchestrator.errors import InputError, RunFailed
from orchestrator.interruption import signals_held_back

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection
    from orchestrator.lock.fence import Fence

KEEP_DAYS: Final = 7
# No underscore: two of them are between a name and a table.
NAME: Final = re.compile(r"[A-Za-z0-9]{1,64}")
BETWEEN: Final = "__"


@dataclass(frozen=True, slots=True)
class Brought:
    """The tables that were brought back, and those that are newer than the name and stay."""

    tables: tuple[str, ...]
    left: tuple[str, ...]


def previous_dataset(dataset: str) -> str:
    """Return the dataset of the copies."""
    return f"{dataset}_previous"


def keep_published(
    connection: Connection, name: str, now: datetime, fence: Fence
) -> tuple[str, ...]:
    """Copy all published tables; return their names.

    The table that is called like the name is written last, and says which tables belong to it: a
    name that was not completed is none. What another name has kept goes then.
    """
    if not NAME.fullmatch(name):
        raise InputError(f"'{name}' is no name for what is kept", "use letters and digits alone")
    client, dataset = connection.client, previous_dataset(connection.settings.dataset)
    ensure_dataset(connection, dataset)
    fence.confirm()
    of_name = [one for one in connection.table_names(dataset) if one.split(BETWEEN)[0] == name]
    # The name itself first, so that nobody takes what is left for the whole.
    _drop(connection, sorted(of_name))
    tables = _published(connection)
    expires = now + timedelta(days=KEEP_DAYS)
    config = {"operation_type": "CLONE", "destination_expiration_time": expires.isoformat()}
    _copy_all(
        connection,
        [
            (_id(connection, table), connection.table_id(dataset, f"{name}{BETWEEN}{table}"))
            for table in tables
        ],
        fence,
        **config,
    )
    fence.require()
    client.create_table(_marker(connection, name, tables, now, expires))
    others = connection.table_names(dataset)
    _drop(connection, sorted(one for one in others if one.split(BETWEEN)[0] != name))
    return tables


def restore_published(connection: Connection, name: str, fence: Fence) -> Brought:
    """Replace the published tables by those of a name, each in one step; all are looked for first.

    Signals wait, as where a run publishes. If a copy fails, each table is whole, old or new, and
    the same call can be made again.
    """
    dataset = previous_dataset(connection.settings.dataset)
    there = connection.table_names(dataset)
    if name not in there:
        kept = sorted(one for one in there if BETWEEN not in one)
        raise InputError(
            f"nothing is kept under the name '{name}'",
            f"kept is: {', '.join(kept) or 'nothing'}; 'concord backup --published' keeps",
        )
    marker = connection.client.get_table(connection.table_id(dataset, name))
    tables = tuple(json.loads(marker.description or "{}")["tables"])
    missing = [table for table in tables if f"{name}{BETWEEN}{table}" not in there]
    if missing:
        raise RunFailed(
            f"the copies of {', '.join(missing)} are gone; nothing was replaced",
            "run 'concord run' with the version that is right: it publishes all tables anew",
        )
    left = tuple(table for table in _published(connection) if table not in tables)
    fence.confirm()
    pairs = [
        (connection.table_id(dataset, f"{name}{BETWEEN}{table}"), _id(connection, table))
        for table in tables
    ]
    with signals_held_back():
        for source, target in pairs:
            make_room(connection, source, target)
        _copy_all(connection, pairs, fence, write_disposition="WRITE_TRUNCATE")
    return Brought(tables, left)


def _published(connection: Connection) -> tuple[str, ...]:
    from google.api_core.exceptions import NotFound

    where = f"{connection.settings.project}.{connection.settings.published_dataset}"
    try:
        found = list(connection.client.list_tables(where))
    except NotFound:
        return ()
    return tuple(sorted(one.table_id for one in found if one.table_type == "TABLE"))


def _id(connection: Connection, table: str) -> str:
    return connection.table_id(connection.settings.published_dataset, table)


def _marker(
    connection: Connection, name: str, tables: Iterable[str], now: datetime, expires: datetime
) -> Any:  # noqa: ANN401 - Google's class is imported late
    from google.cloud.bigquery import SchemaField, Table

    dataset = previous_dataset(connection.settings.dataset)
    marker = Table(connection.table_id(dataset, name), [SchemaField("kept_at", "TIMESTAMP")])
    marker.description = json.dumps({"kept_at": now.isoformat(), "tables": list(tables)})
    marker.expires = expires
    return marker


def _copy_all(
    connection: Connection,
    pairs: Iterable[tuple[str, str]],
    fence: Fence,
    **config: Any,  # noqa: ANN401 - of a copy job
) -> None:
    """Copy tables at once; raise what failed, with the tables that were copied all the same."""
    from google.cloud.bigquery import CopyJobConfig

    started, copied, failed = [], [], []
    for source, target in pairs:
        fence.require()
        job = connection.client.copy_table(source, target, job_config=CopyJobConfig(**config))
        started.append((target, job))
    for target, job in started:
        try:
            job.result()
        except Exception as error:
            known = as_concord_error(error)
            if known is None:
                raise
            failed.append((target, known))
        else:
            copied.append(target)
    if failed:
        lines = [f"{target} was not copied: {error.message}" for target, error in failed]
        lines.append(f"copied: {', '.join(copied) or 'nothing'}; each table is whole, old or new")
        raise type(failed[0][1])("\n".join(lines), failed[0][1].what_to_do)


def _drop(connection: Connection, tables: Iterable[str]) -> None:
    dataset = previous_dataset(connection.settings.dataset)
    for table in tables:
        connection.client.delete_table(connection.table_id(dataset, table), not_found_ok=True)
