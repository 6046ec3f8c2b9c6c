"""HubSpot: companies and contacts, with its merged contact ids and second addresses."""

from datetime import date
from random import Random

from orchestrator.demo.sample.noise import write_company, write_phone, write_street
from orchestrator.demo.sample.recording import Recording, Row, later
from orchestrator.demo.sample.sightings import Sighting, role_mailbox, see_person
from orchestrator.demo.sample.world import Company, Person, World

STAGES = ("subscriber", "lead", "opportunity", "customer")
DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%d %B %Y", "%B %d, %Y")


class HubSpot:
    """Writes contacts and companies."""

    def __init__(self, rng: Random, recording: Recording) -> None:
        self._rng = rng
        self._recording = recording
        self._companies: dict[str, int] = {}
        self._last_id = 5100

    def write(self, world: World) -> None:
        """Companies first: contacts point to them."""
        for company in world.companies:
            if self._rng.random() < 0.8:
                self._companies[company.company_id] = self._add_company(company)
                if self._rng.random() < 0.08:
                    self._add_company(company)
        for person in world.people:
            if self._rng.random() < 0.55:
                self._add_contacts(person)
        for company in world.companies[3::9]:
            seen = role_mailbox(self._rng, company)
            self._keep(self._contact_row(seen), f"mailbox:{seen.email}", seen.cases)

    def _new_id(self) -> int:
        self._last_id += self._rng.randint(1, 50)
        return self._last_id

    def _books(self, modified: str) -> Row:
        created = self._recording.clock.moment(self._rng, last_day_ago=60)
        return {
            "property_createdate": created,
            modified: later(created, self._rng.randrange(50 * 86_400)),
            "is_deleted": False,
            "_fivetran_deleted": False,
            "_fivetran_synced": self._recording.clock.synced,
        }

    def _add_company(self, company: Company) -> int:
        rng, address = self._rng, company.address
        domain = company.domain
        if company.second_domain and rng.random() < 0.35:
            domain = company.second_domain
        row: Row = {
            "id": self._new_id(),
            "property_name": write_company(rng, company.name, company.suffix),
            "property_domain": domain if rng.random() < 0.85 else None,
            "property_website": f"www.{domain}" if rng.random() < 0.5 else None,
            "property_phone": write_phone(rng, company.switchboard, address.country)
            if rng.random() < 0.7
            else None,
            "property_address": write_street(rng, address) if rng.random() < 0.7 else None,
            "property_city": address.city,
            "property_state": address.region if rng.random() < 0.9 else None,
            "property_zip": address.postcode if rng.random() < 0.8 else None,
            "property_country": address.country,
            "property_industry": company.industry.upper(),
            "property_hs_parent_company_id": None,
            **self._books("property_hs_lastmodifieddate"),
        }
        self._recording.add("hubspot.company", row)
        self._recording.is_company(f"hubspot:company:{row['id']}", company.company_id)
        return self._last_id

    def _add_contacts(self, person: Person) -> None:
        rng = self._rng
        seen = see_person(rng, person)
        row = self._contact_row(seen)
        if person.landline and not row["property_phone"]:
            row["property_phone"] = person.landline
        self._keep(row, person.person_id, seen.cases)
        if rng.random() < 0.09:
            again = see_person(rng, person)
            second = self._contact_row(again)
            cases = again.cases
            if rng.random() < 0.5:
                # Merged inside HubSpot: the winner lists the loser's id, which some exports keep.
                row["property_hs_calculated_merged_vids"] = f"{second['id']}:{1_700_000_000_000}"
                row["property_hs_merged_object_ids"] = str(second["id"])
                cases += ("merged_contact",)
            self._keep(second, person.person_id, cases)

    def _keep(self, row: Row, entity_id: str, cases: tuple[str, ...]) -> None:
        self._recording.add("hubspot.contact", row)
        self._recording.is_person(f"hubspot:contact:{row['id']}", entity_id, cases)

    def _contact_row(self, seen: Sighting) -> Row:
        rng, address = self._rng, seen.address
        company_id = self._companies.get(seen.company.company_id) if seen.company else None
        return {
            "id": self._new_id(),
            "property_firstname": seen.given,
            "property_lastname": seen.family,
            "property_email": seen.email,
            "property_hs_additional_emails": ";".join(seen.other_emails) or None,
            "property_phone": seen.phone,
            "property_mobilephone": seen.mobile,
            "property_company": seen.company_name,
            "property_associatedcompanyid": company_id if rng.random() < 0.8 else None,
            "property_jobtitle": seen.title,
            "property_address": seen.street,
            "property_city": address.city if address else None,
            "property_state": address.region if address else None,
            "property_zip": address.postcode if address else None,
            "property_country": address.country if address and rng.random() < 0.5 else None,
            "property_date_of_birth": self._write_date(seen.born),
            "property_lifecyclestage": rng.choice(STAGES),
            "property_hs_calculated_merged_vids": None,
            "property_hs_merged_object_ids": None,
            **self._books("property_lastmodifieddate"),
        }

    def _write_date(self, day: date | None) -> str | None:
        return day.strftime(self._rng.choice(DATE_FORMATS)) if day else None
