"""What is a person's alone: addresses, numbers, their spellings, values that nobody else has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.sources.own_tables import ENTITY_LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection

# Records of these systems are made of an address or a number: it is theirs, whoever else has it.
MADE_OF_AN_ADDRESS: Final = ("gmail_participant", "dialpad_caller")


def own_addresses(connection: Connection, person_id: str, column: str) -> tuple[str, ...]:
    """Return the addresses or numbers that no record of another person, and no company, has.

    The one that a record of a mailbox or a telephone is made of is the person's in any case.
    """
    at = LastBuild(connection)
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


def rare_values(connection: Connection, record_ids: list[str]) -> tuple[str, ...]:
    """Return the values of the records that no more records have than the person has.

    A version of the matching model knows how common a value is, and with it that there was one.
    """
    at = LastBuild(connection)
    held = {
        value
        for table in (at.features, at.names)
        for row in connection.query(
            f"select * from `{table}` where record_id in unnest(@record_ids)",
            texts("record_ids", record_ids),
        )
        for value in row.values()
        if isinstance(value, str)
    }
    rows = connection.query(
        f"select distinct value from `{at.frequencies}`"
        f" where n_records <= {len(record_ids)} and value in unnest(@held)",
        texts("held", sorted(held)),
    )
    return tuple(sorted(row["value"] for row in rows))


def spellings_of(
    connection: Connection, emails: Iterable[str], phones: Iterable[str]
) -> tuple[str, ...]:
    """Return how the records write addresses and numbers."""
    at = LastBuild(connection)
    rows = connection.query(
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
    return tuple(sorted({row["spelling"].strip() for row in rows if row["spelling"].strip()}))


class LastBuild:
    """Names of the tables of the last build that say who is who."""

    def __init__(self, connection: Connection) -> None:
        dataset = connection.settings.dataset
        self.assignments = connection.table_id(f"{dataset}_entities", "person_assignments")
        self.ledger = connection.table_id(connection.settings.ops_dataset, ENTITY_LEDGER)
        self.records = connection.table_id(f"{dataset}_standardized", "int_person_records")
        self.source_records = connection.table_id(
            f"{dataset}_standardized", "int_person_source_records"
        )
        self.features = connection.table_id(f"{dataset}_matching", "int_person_features")
        self.names = connection.table_id(f"{dataset}_matching", "int_person_names")
        self.frequencies = connection.table_id(f"{dataset}_matching", "int_person_term_frequencies")
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
