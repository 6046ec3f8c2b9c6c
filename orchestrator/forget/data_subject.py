"""Finds the person that a record id, an e-mail address or the id of a person names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.forget.own_values import (
    LastBuild,
    own_addresses,
    rare_values,
    spellings_of,
    text,
)

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the person, with what its source calls it."""

    record_id: str
    source_system: str
    source_table: str
    source_id: str

    @property
    def source(self) -> str:
        """Return the declared source."""
        return self.record_id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class DataSubject:
    """Who is to be forgotten: ids, records, and the addresses and numbers that nobody else has.

    `emails` and `phones` are in the form of the matching, `spellings` all written forms of both.
    `values` are names, places and the like that so few records have as the person has.
    """

    person_id: str
    retired_ids: tuple[str, ...]
    records: tuple[Record, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    spellings: tuple[str, ...]
    values: tuple[str, ...] = ()

    @property
    def record_ids(self) -> tuple[str, ...]:
        """Return the ids of the records."""
        return tuple(record.record_id for record in self.records)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return e-mail addresses and phone numbers as interactions name them."""
        return (*self.emails, *self.phones)


def find_person(connection: Connection, name: str) -> DataSubject:
    """Return the one person of that name; say what to do when there are none or several."""
    found = _person_ids(connection, name.strip())
    if not found:
        raise InputError(
            f"nobody is known by '{name}'",
            "name a person_id, a record_id or an e-mail address of the last build; "
            "rows that came after it are known after 'concord run'",
        )
    if len(found) > 1:
        shown = ", ".join(found[:MOST_NAMED]) + (", ..." if len(found) > MOST_NAMED else "")
        raise InputError(
            f"'{name}' belongs to {len(found)} persons: {shown}",
            "name the one that is meant by its person_id; see dim_persons",
        )
    return _person(connection, found[0])


def _person_ids(connection: Connection, name: str) -> list[str]:
    """Return the persons by id, retired id, record id or address."""
    at = LastBuild(connection)
    sql = f"""
        select person_id from `{at.assignments}` where @name in (person_id, record_id)
        union distinct
        select assignments.person_id
        from `{at.ledger}` as ledger
        inner join `{at.assignments}` as assignments on ledger.record_id = assignments.record_id
        where
            ledger.entity = 'person'
            and ledger.entity_id = @name
            and @name not in (select person_id from `{at.assignments}`)
        union distinct
        select assignments.person_id
        from `{at.records}` as records, unnest(records.emails) as email
        inner join `{at.assignments}` as assignments on records.record_id = assignments.record_id
        where
            email = lower(@name)
            or email in (
                select email from `{at.email_spellings}` where lower(source_email) = lower(@name)
            )
    """
    return sorted(row["person_id"] for row in connection.query(sql, text("name", name)))


def _person(connection: Connection, person_id: str) -> DataSubject:
    at = LastBuild(connection)
    own = f"select record_id from `{at.assignments}` where person_id = @person_id"
    records = tuple(
        Record(**dict(row.items()))
        for row in connection.query(
            f"""
            select record_id, source_system, source_table, source_id
            from `{at.source_records}`
            where record_id in ({own})
            order by record_id
            """,
            text("person_id", person_id),
        )
    )
    emails = own_addresses(connection, person_id, "emails")
    phones = own_addresses(connection, person_id, "phones")
    retired = connection.query(
        f"""
        select distinct entity_id
        from `{at.ledger}`
        where
            record_id in ({own})
            and entity_id is not null
            and entity_id not in (select person_id from `{at.assignments}`)
        """,
        text("person_id", person_id),
    )
    retired_ids = tuple(sorted(row["entity_id"] for row in retired))
    return DataSubject(
        person_id,
        retired_ids,
        records,
        emails,
        phones,
        spellings_of(connection, emails, phones),
        rare_values(connection, [record.record_id for record in records]),
    )
