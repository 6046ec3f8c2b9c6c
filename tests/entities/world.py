"""A small world that two sources describe: who is in it, and what the sources say tonight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import raw_table, read_raw_tables
from tests.entities.people_and_firms import FIRMS, PLACES, STREETS, Firm, Person
from tests.entities.tables import append_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.bigquery.connect import Connection

SOURCES: Final = ("hubspot", "files")
TABLES: Final = ("hubspot.contact", "hubspot.company", "files.people", "files.companies")
FIRST_DAY: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

# Which of the people each system has, by their number in the lists above.
CONTACTS: Final = range(22)
SHOP: Final = (1, *range(4, 26))
NEWS: Final = (*range(0, 20, 2), *range(26, 32))


class World:
    """The raw tables as they are tonight: table -> row id -> row."""

    def __init__(self) -> None:
        self.night = 0
        self.tables: dict[str, dict[str, dict[str, Any]]] = {table: {} for table in TABLES}
        # Rows whose id is there a second time, by table.
        self.again: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
        for number in CONTACTS:
            self.put_contact(Person(number))
        for number in SHOP:
            self.put_person("shop", Person(number))
        for number in NEWS:
            self.put_person("news", Person(number))
        for number in range(len(FIRMS)):
            self.put_company(Firm(number))
            if number % 2:
                self.put_supplier(Firm(number))

    def next_day(self) -> None:
        """Let a day go by."""
        self.night += 1

    @property
    def now(self) -> datetime:
        """Return the time of tonight's sync."""
        return FIRST_DAY.replace(day=FIRST_DAY.day + self.night)

    def put_contact(self, person: Person, **changes: object) -> str:
        """Let HubSpot have a contact; returns its record id."""
        city, region, postcode, _ = person.place
        row = {
            "id": 1000 + person.number,
            "property_firstname": person.given,
            "property_lastname": person.family,
            "property_email": person.email,
            "property_phone": person.phone,
            "property_company": person.firm.name,
            "property_associatedcompanyid": 500 + person.firm.number,
            "property_address": person.street,
            "property_city": city,
            "property_state": region,
            "property_zip": postcode,
            "property_createdate": FIRST_DAY.isoformat(),
        }
        return self.put("hubspot.contact", row | changes)

    def put_person(self, system: str, person: Person, **changes: object) -> str:
        """Let a file have a person; returns the record id."""
        city, region, postcode, _ = person.place
        row = {
            "record_id": f"{system[0].upper()}{person.number}",
            "source_system": system,
            "given_name": person.given,
            "family_name": person.family,
            "emails": [person.email],
            "phones": [person.phone],
            "street": person.street,
            "city": city,
            "region": region,
            "postcode": postcode,
        }
        return self.put("files.people", row | changes)

    def put_company(self, firm: Firm, **changes: object) -> str:
        """Let HubSpot have a company; returns its record id."""
        city, region, postcode, area = PLACES[firm.number % len(PLACES)]
        row = {
            "id": 500 + firm.number,
            "property_name": firm.name,
            "property_domain": firm.domain,
            "property_phone": f"({area}) 555-{2000 + 11 * firm.number}",
            "property_address": f"{firm.number + 1} {STREETS[firm.number % len(STREETS)]}",
            "property_city": city,
            "property_state": region,
            "property_zip": postcode,
            "property_createdate": FIRST_DAY.isoformat(),
        }
        return self.put("hubspot.company", row | changes)

    def put_supplier(self, firm: Firm, **changes: object) -> str:
        """Let a file have a company; returns its record id."""
        city, region, postcode, _ = PLACES[firm.number % len(PLACES)]
        row = {
            "record_id": f"V{firm.number}",
            "source_system": "suppliers",
            "company_name": f"{firm.name} Inc",
            "domains": [firm.domain],
            "city": city,
            "region": region,
            "postcode": postcode,
        }
        return self.put("files.companies", row | changes)

    def put(self, table: str, row: Mapping[str, object]) -> str:
        """Add or replace a row as it stands; returns its record id."""
        source = table.partition(".")[0]
        changed = "property_hs_lastmodifieddate" if table == "hubspot.company" else ""
        times = {
            "hubspot": (changed or "property_lastmodifieddate", "_fivetran_synced"),
            "files": ("updated_at", "_loaded_at"),
        }[source]
        record_id = record_id_of(table, row)
        self.tables[table][record_id] = {**row, **dict.fromkeys(times, self.now.isoformat())}
        return record_id

    def row(self, record_id: str) -> dict[str, Any]:
        """Return what a source says of a record."""
        return self.tables[self._table_of(record_id)][record_id]

    def emails_of(self, record_id: str) -> set[str]:
        """Return the addresses that a source has of a person."""
        row = self.row(record_id)
        texts = [row.get("property_email"), row.get("property_hs_additional_emails")]
        return {text.lower() for text in (*texts, *row.get("emails", ())) if text}

    def name_of(self, record_id: str) -> str:
        """Return the name that a source has of a person."""
        row = self.row(record_id)
        names = ("property_firstname", "property_lastname", "given_name", "family_name")
        return " ".join(row[name] for name in names if name in row)

    def put_again(self, record_id: str, **changes: object) -> None:
        """Let a record of a file be there a second time, as it was on the day before the first."""
        long_ago = (FIRST_DAY - timedelta(days=1)).isoformat()
        row = self.row(record_id) | changes | {"updated_at": long_ago}
        self.again[self._table_of(record_id)].append(row)

    def put_back(self, record_id: str, row: dict[str, Any]) -> None:
        """Let a source say of a record what it said before."""
        self.tables[self._table_of(record_id)][record_id] = row

    def change(self, record_id: str, **changes: object) -> None:
        """Let a source say something else of a record."""
        table = self._table_of(record_id)
        self.put(table, self.tables[table][record_id] | changes)

    def remove(self, record_id: str) -> None:
        """Let a record be gone: HubSpot's connector marks it, a file has it no more."""
        if record_id.startswith("hubspot"):
            self.change(record_id, _fivetran_deleted=True)
        else:
            del self.tables[self._table_of(record_id)][record_id]

    def _table_of(self, record_id: str) -> str:
        return next(table for table, rows in self.tables.items() if record_id in rows)

    def records(self, entity: str) -> set[str]:
        """Return the records that are there of an entity."""
        tables = ("hubspot.contact", "files.people")
        if entity == "company":
            tables = ("hubspot.company", "files.companies")
        return {
            record_id
            for table in tables
            for record_id, row in self.tables[table].items()
            if not row.get("_fivetran_deleted")
        }

    def sync(self, connection: Connection, *, without: str = "") -> None:
        """Write the raw tables as they are; those of a source that came back empty have no row."""
        declared = read_raw_tables(connection.settings.project_dir)
        tables = [raw_table(declared, name) for name in TABLES]
        ensure_raw_tables(connection, tables)
        for table in tables:
            name = table.full_name
            rows = [*self.tables[name].values(), *self.again[name]]
            rows = [] if table.source == without else rows
            place = connection.table_id(connection.settings.raw_dataset(table.source), table.name)
            connection.query(f"truncate table `{place}`")
            append_rows(connection, place, table.schema(), rows)


def record_id_of(table: str, row: Mapping[str, Any]) -> str:
    """Return the record id that staging makes of a row."""
    source, _, name = table.partition(".")
    if source == "hubspot":
        return f"hubspot:{name}:{row['id']}"
    return f"files:{name}:{row['source_system']}:{row['record_id']}"
