"""Finds the person that a record id, an e-mail address or the id of a person names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError
from orchestrator.sources.own_tables import ENTITY_LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection

MOST_NAMED: Final = 5
# Records of these systems are made of an address or a number: it is theirs, whoever else has it.
MADE_OF_AN_ADDRESS: Final = ("gmail_participant", "dialpad_caller")


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
    """

    person_id: str
    retired_ids: tuple[str, ...]
    records: tuple[Record, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    spellings: tuple[str, ...]

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
    at = _Tables(connection)
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
    at = _Tables(connection)
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
    emails = _own_values(connection, person_id, "emails")
    phones = _own_values(connection, person_id, "phones")
    spellings = connection.query(
        f"""
        select source_email as spelling
        from `{at.email_spellings}`
        where email in unnest(@emails)
        union distinct
        select source_phone as spelling
        from `{at.phone_spellings}`
        where phone_number in unnest(@phones)
        """,
        texts("emails", emails),
        texts("phones", phones),
    )
    written = {row["spelling"].strip() for row in spellings if row["spelling"].strip()}
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
    return DataSubject(person_id, retired_ids, records, emails, phones, tuple(sorted(written)))


def _own_values(connection: Connection, person_id: str, column: str) -> tuple[str, ...]:
    """Return the addresses or numbers that no record of another person, and no company, has.

    The one that a record of a mailbox or a telephone is made of is the person's in any case.
    """
    at = _Tables(connection)
    sql = f"""
        with of_companies as (
            select distinct phone from `{at.companies}`, unnest(phones) as phone
        )

        select value
        from `{at.records}` as records, unnest(records.{column}) as value
        inner join `{at.assignments}` as assignments on records.record_id = assignments.record_id
        group by value
        having
            logical_or(assignments.person_id = @person_id)
            and (
                (
                    logical_and(assignments.person_id = @person_id)
                    and value not in (select phone from of_companies)
                )
                or logical_or(
                    assignments.person_id = @person_id and records.source_system in unnest(@made_of)
                )
            )
        order by value
    """
    rows = connection.query(sql, text("person_id", person_id), texts("made_of", MADE_OF_AN_ADDRESS))
    return tuple(row["value"] for row in rows)


class _Tables:
    """Names of the tables of the last build that say who is who."""

    def __init__(self, connection: Connection) -> None:
        dataset = connection.settings.dataset
        self.assignments = connection.table_id(f"{dataset}_entities", "person_assignments")
        self.ledger = connection.table_id(connection.settings.ops_dataset, ENTITY_LEDGER)
        self.records = connection.table_id(f"{dataset}_standardized", "int_person_records")
        self.source_records = connection.table_id(
            f"{dataset}_standardized", "int_person_source_records"
        )
        self.companies = connection.table_id(f"{dataset}_standardized", "int_company_records")
        self.email_spellings = connection.table_id(f"{dataset}_standardized", "int_email_addresses")
        self.phone_spellings = connection.table_id(f"{dataset}_standardized", "int_phone_numbers")


def text(name: str, value: str) -> Any:  # noqa: ANN401 - Google's class is imported late
    """Return a parameter of a query."""
    from google.cloud.bigquery import ScalarQueryParameter

    return ScalarQueryParameter(name, "STRING", value)


def texts(name: str, values: Iterable[str]) -> Any:  # noqa: ANN401 - Google's class is imported late
    """Return a parameter with many values."""
    from google.cloud.bigquery import ArrayQueryParameter

    return ArrayQueryParameter(name, "STRING", list(values))
