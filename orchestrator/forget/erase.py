"""Removes a person from all places, and searches them afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from orchestrator.backup.make import list_backups
from orchestrator.forget.own_values import text, texts
from orchestrator.forget.pattern import pattern_of, record_pattern_of
from orchestrator.forget.places import (
    built_datasets,
    built_erasures,
    kept_tables,
    key_of,
    raw_erasures,
    raw_tables,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.forget.data_subject import DataSubject
    from orchestrator.forget.places import Erasure
    from orchestrator.lock.fence import Fence

WHO_IS_WHO: Final = (
    *(".int_person_source_records", ".int_person_records", ".person_assignments"),
    *(".int_email_addresses", ".int_phone_numbers", ".int_interactions", ".entity_ledger"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A place and how many of its rows are the person's; `is_emptied` says they stay, emptied."""

    erasure: Erasure
    rows: int

    @property
    def table(self) -> str:
        """Return dataset and name of the table."""
        return self.erasure.table_id.partition(".")[2]

    @property
    def is_emptied(self) -> bool:
        """Say whether the rows stay, without what is personal."""
        return bool(self.erasure.sets)


def find_rows(connection: Connection, person: DataSubject) -> tuple[Found, ...]:
    """Return the places that hold the person, with the number of rows."""
    parameters = _parameters(connection, person)
    kinds = column_kinds(connection.settings.project_dir)
    erasures = (*raw_erasures(connection, kinds), *built_erasures(connection))
    counted = [Found(one, _count(connection, one.counting, parameters)) for one in erasures]
    # A command that is stopped can be given again: who the person is stays known to the end.
    counted.sort(key=lambda found: found.table.endswith(WHO_IS_WHO))
    return tuple(found for found in counted if found.rows)


def erase(
    connection: Connection, person: DataSubject, found: tuple[Found, ...], fence: Fence
) -> Iterator[Found]:
    """Remove the person from each place; yield what was done, place by place."""
    parameters = _parameters(connection, person)
    for place in found:
        fence.require()
        connection.query(place.erasure.statement, *parameters)
        yield place


def rows_left(connection: Connection, person: DataSubject, *, is_built: bool) -> dict[str, int]:
    """Return the tables in which a record id or an address still stands, with the rows.

    What is built is searched only when it was built again.
    """
    pattern = text("pattern", record_pattern_of(person))
    left = {}
    for table in (*raw_tables(connection), *kept_tables(connection)):
        if not is_built and table.dataset_id in built_datasets(connection):
            continue
        sql = (
            f"select count(*) as n from `{table.reference}` as t "
            "where regexp_contains(to_json_string(t), @pattern)"
        )
        rows = _count(connection, sql, (pattern,))
        if rows:
            left[f"{table.dataset_id}.{table.table_id}"] = rows
    return left


def backups_with_data(connection: Connection) -> dict[str, str]:
    """Return the backups, each with the moment at which it ends."""
    return {one.backup_id: one.expires_at for one in list_backups(connection.settings)}


def column_kinds(project_dir: Path) -> dict[str, str]:
    """Return the kind of personal data of each column's name, from pii.yml."""
    declared = yaml.safe_load((project_dir / "pii.yml").read_text(encoding="utf-8"))["columns"]
    return {name: kind for kind, names in declared.items() for name in names}


def _count(connection: Connection, sql: str, parameters: tuple[Any, ...]) -> int:
    return int(next(iter(connection.query(sql, *parameters)))["n"])


def _parameters(connection: Connection, person: DataSubject) -> tuple[Any, ...]:
    """Return what the statements ask for: ids, keys of raw rows, and the pattern."""
    together, alone = _interactions(connection, person)
    own = [
        key_of(one.source, one.source_table, one.source_id, _system(one.source, one.source_system))
        for one in person.records
    ]
    names = {person.person_id, *person.retired_ids, *person.record_ids}
    return (
        text("pattern", pattern_of(person)),
        texts("keys", [*own, *alone]),
        texts("shared", together),
        texts("values", person.values),
        texts("names", sorted(names | set(person.addresses) | set(person.spellings))),
    )


def _system(source: str, source_system: str) -> str:
    """Return the system of a loaded file's row, of which each numbers its rows on its own."""
    return source_system if source == "files" else ""


def _interactions(connection: Connection, person: DataSubject) -> tuple[list[str], list[str]]:
    """Return the raw rows of interactions: with other participants, and of the person alone."""
    table = connection.table_id(f"{connection.settings.dataset}_standardized", "int_interactions")
    is_own = (
        "coalesce(participant_record_id in unnest(@record_ids), false)"
        " or coalesce(participant_address in unnest(@addresses), false)"
    )
    sql = f"""
        select interaction_id, logical_or(not ({is_own})) as is_shared
        from `{table}`
        group by interaction_id
        having logical_or({is_own})
    """
    rows = connection.query(
        sql, texts("record_ids", person.record_ids), texts("addresses", person.addresses)
    )
    found: tuple[list[str], list[str]] = ([], [])
    for row in rows:
        source, table_name, source_id = row["interaction_id"].split(":", 2)
        found[0 if row["is_shared"] else 1].append(key_of(source, table_name, source_id))
    return found
