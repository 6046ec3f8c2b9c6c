"""The records of the demo's sample as rows of one flat file per entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.demo.sample.sample import record_sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PEOPLE_OF_THE_SAMPLE: Final = 1200
# Column of the file -> column of the sample's table.
SAMPLE_COLUMNS: Final[Mapping[str, dict[str, dict[str, str]]]] = {
    "people": {
        "salesforce.contact": {
            "first": "first_name",
            "last": "last_name",
            "email": "email",
            "phone": "phone",
            "mobile": "mobile_phone",
            "street": "mailing_street",
            "city": "mailing_city",
            "state": "mailing_state",
            "postcode": "mailing_postal_code",
            "country": "mailing_country",
            "born": "birthdate",
        },
        "salesforce.lead": {
            "first": "first_name",
            "last": "last_name",
            "email": "email",
            "phone": "phone",
            "mobile": "mobile_phone",
            "company": "company",
            "street": "street",
            "city": "city",
            "state": "state",
            "postcode": "postal_code",
            "country": "country",
        },
        "hubspot.contact": {
            "first": "property_firstname",
            "last": "property_lastname",
            "email": "property_email",
            "phone": "property_phone",
            "mobile": "property_mobilephone",
            "company": "property_company",
            "street": "property_address",
            "city": "property_city",
            "state": "property_state",
            "postcode": "property_zip",
            "country": "property_country",
            "born": "property_date_of_birth",
        },
    },
    "companies": {
        "salesforce.account": {
            "name": "name",
            "phone": "phone",
            "website": "website",
            "street": "billing_street",
            "city": "billing_city",
            "state": "billing_state",
            "postcode": "billing_postal_code",
            "country": "billing_country",
        },
        "hubspot.company": {
            "name": "property_name",
            "phone": "property_phone",
            "website": "property_domain",
            "street": "property_address",
            "city": "property_city",
            "state": "property_state",
            "postcode": "property_zip",
            "country": "property_country",
        },
    },
}


def sample_rows(entity: str) -> Iterator[dict[str, Any]]:
    """Yield the people or companies of the CRM tables, one row per record that says something."""
    sample = record_sample(people=PEOPLE_OF_THE_SAMPLE)
    for table, columns in SAMPLE_COLUMNS[entity].items():
        for position, row in enumerate(sample.rows[table]):
            values = {column: row.get(name) for column, name in columns.items()}
            if any(values.values()):
                yield {"id": f"{table} {position}", "list": table, **values}
