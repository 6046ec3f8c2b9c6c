"""The rows of Salesforce's objects, column by column."""

from random import Random

from orchestrator.demo.sample.noise import write_company, write_phone, write_street
from orchestrator.demo.sample.recording import Clock, Row, later
from orchestrator.demo.sample.sightings import Sighting
from orchestrator.demo.sample.world import OWN_STAFF, Company

SALUTATIONS = ("Dr.", "Mx.", None, None, None)


def bookkeeping(rng: Random, clock: Clock) -> Row:
    """Owner, times and sync columns, which all objects share."""
    created = clock.moment(rng, last_day_ago=60)
    return {
        "owner_id": rng.choice(OWN_STAFF)[2],
        "created_date": created,
        "system_modstamp": later(created, rng.randrange(50 * 86_400)),
        "_fivetran_deleted": False,
        "_fivetran_synced": clock.synced,
    }


def account_row(
    rng: Random, clock: Clock, company: Company, account_id: str, master: str | None
) -> Row:
    """An account; `master` is the account that it was merged into, if it was."""
    address, british = company.address, company.address.country
    return {
        "id": account_id,
        "is_deleted": master is not None,
        "master_record_id": master,
        "name": write_company(rng, company.name, company.suffix),
        "type": rng.choice(("Customer", "Prospect", "Partner")),
        "parent_id": None,
        "billing_street": write_street(rng, address) if rng.random() < 0.85 else None,
        "billing_city": address.city,
        "billing_state": address.region,
        "billing_postal_code": address.postcode if rng.random() < 0.9 else None,
        "billing_country": rng.choice((address.country, None)),
        "phone": write_phone(rng, company.switchboard, british) if rng.random() < 0.75 else None,
        "website": write_website(rng, company),
        "industry": company.industry,
        **bookkeeping(rng, clock),
    }


def write_website(rng: Random, company: Company) -> str | None:
    """The company's site as typed, at times under its second domain."""
    uses_second = company.second_domain is not None and rng.random() < 0.3
    domain = company.second_domain if uses_second else company.domain
    forms = (f"https://www.{domain}/", f"http://{domain}", f"www.{domain}", domain, None, None)
    return rng.choice(forms)


def contact_row(
    rng: Random, clock: Clock, seen: Sighting, contact_id: str, account_id: str | None
) -> Row:
    """A contact from a sighting."""
    address = seen.address
    return {
        "id": contact_id,
        "is_deleted": False,
        "master_record_id": None,
        "account_id": account_id,
        "last_name": seen.family,
        "first_name": seen.given,
        "salutation": rng.choice(SALUTATIONS),
        "name": seen.full_name,
        "mailing_street": seen.street,
        "mailing_city": address.city if address else None,
        "mailing_state": address.region if address else None,
        "mailing_postal_code": address.postcode if address else None,
        "mailing_country": address.country if address and rng.random() < 0.7 else None,
        "phone": seen.phone,
        "mobile_phone": seen.mobile,
        "home_phone": None,
        "other_phone": None,
        "email": seen.email,
        "title": seen.title,
        "birthdate": seen.born.isoformat() if seen.born else None,
        "lead_source": rng.choice(("Web", "Referral", "Event", None)),
        **bookkeeping(rng, clock),
    }


def lead_row(
    rng: Random, clock: Clock, seen: Sighting, lead_id: str, converted_contact: Row | None
) -> Row:
    """A lead from a sighting, converted when it names a contact."""
    address, books = seen.address, bookkeeping(rng, clock)
    converted = converted_contact or {}
    return {
        "id": lead_id,
        "is_deleted": False,
        "master_record_id": None,
        "last_name": seen.family,
        "first_name": seen.given,
        "salutation": rng.choice(SALUTATIONS),
        "name": seen.full_name,
        "title": seen.title,
        "company": seen.company_name or "[not provided]",
        "street": seen.street,
        "city": address.city if address else None,
        "state": address.region if address else None,
        "postal_code": address.postcode if address else None,
        "country": address.country if address and rng.random() < 0.6 else None,
        "phone": seen.phone,
        "mobile_phone": seen.mobile,
        "email": seen.email,
        "website": write_website(rng, seen.company) if seen.company else None,
        "lead_source": rng.choice(("Web", "Referral", "Event", None)),
        "status": "Qualified" if converted else rng.choice(("Open", "Contacted", "Unqualified")),
        "is_converted": bool(converted),
        "converted_date": str(books["system_modstamp"])[:10] if converted else None,
        "converted_account_id": converted.get("account_id"),
        "converted_contact_id": converted.get("id"),
        **books,
    }
