"""The five systems: which fields each fills, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.benchmarks.crm_people.companies import Company
    from tests.benchmarks.crm_people.draws import Draws
    from tests.benchmarks.crm_people.glimpses import Glimpses
    from tests.benchmarks.crm_people.noise import Noise
    from tests.benchmarks.crm_people.people import Person

# How often a record comes from each.
SYSTEM_SHARES: Final = {
    "salesforce_contact": 0.24,
    "salesforce_lead": 0.17,
    "hubspot_contact": 0.22,
    "gmail_participant": 0.22,
    "dialpad_caller": 0.15,
}
SYSTEMS: Final = tuple(SYSTEM_SHARES)
_JOB_TITLES_TEXT = (
    "Manager, Director, VP Sales, Owner, CEO, Engineer, Analyst, Consultant, Administrator, "
    "Coordinator, Assistant, President, Sales Rep, Accountant, Nurse, Attorney, Buyer, "
    "Operations Manager, Marketing Manager, CFO"
)
JOB_TITLES: Final = _JOB_TITLES_TEXT.split(", ")


@dataclass(slots=True)
class Row:
    """One record as its system holds it."""

    source_dataset: str
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    email: str | None = None
    phone: str | None = None
    mobile_phone: str | None = None
    company: str | None = None
    title: str | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    postcode: str | None = None


class Systems:
    """Fills the fields of a record with what a system knows, before typing errors."""

    def __init__(self, draws: Draws, glimpses: Glimpses, noise: Noise) -> None:
        self._draws = draws
        self._glimpses = glimpses
        self._noise = noise
        self._fillers = {
            "salesforce_contact": self._salesforce_contact,
            "salesforce_lead": self._salesforce_lead,
            "hubspot_contact": self._hubspot_contact,
            "gmail_participant": self._gmail_participant,
            "dialpad_caller": self._dialpad_caller,
        }

    def fill(self, row: Row, person: Person) -> Company | None:
        """Fill the row; returns the employer whose values it may hold."""
        return self._fillers[row.source_dataset](row, person)

    def _salesforce_contact(self, row: Row, person: Person) -> Company | None:
        draws, glimpses = self._draws, self._glimpses
        row.first_name, row.last_name = glimpses.name(person, 0.16)
        company = glimpses.employer(person)
        email = glimpses.email(person, 0.78)
        row.email = email if draws.chance(0.86) else None
        which = draws.share()
        if company and which < 0.42:
            row.phone = company.phone
        elif person.direct_line and which < 0.6:
            row.phone = person.direct_line
        elif person.home_phone and which < 0.7:
            row.phone = person.home_phone
        if draws.chance(0.52):
            row.mobile_phone = glimpses.mobile(person)
        if company:
            row.company = self._noise.company(company)
            row.title = draws.pick(JOB_TITLES) if draws.chance(0.6) else None
        if draws.chance(0.55):
            self._full_address(row, person, company)
        return company

    def _full_address(self, row: Row, person: Person, company: Company | None) -> None:
        draws = self._draws
        is_at_work = company is not None and draws.chance(0.65)
        place = company.place if company and is_at_work else self._glimpses.home(person)
        if draws.chance(0.93):
            row.street = self._noise.street(place.street)
        if draws.chance(0.95):
            row.city = self._noise.case(place.city.name)
        if draws.chance(0.95):
            row.state = place.city.state
        if draws.chance(0.92):
            is_short = draws.chance(0.85)
            row.postcode = place.postcode if is_short else self._long_postcode(place.postcode)

    def _long_postcode(self, postcode: str) -> str:
        return f"{postcode}-{self._draws.below(9999):04d}"

    def _salesforce_lead(self, row: Row, person: Person) -> Company | None:
        draws, glimpses = self._draws, self._glimpses
        row.first_name, row.last_name = glimpses.name(person, 0.22)
        company = glimpses.employer(person)
        email = glimpses.email(person, 0.5)
        row.email = email if draws.chance(0.82) else None
        if draws.chance(0.66):
            if draws.chance(0.6):
                row.phone = glimpses.mobile(person)
            elif company and draws.chance(0.6):
                row.phone = company.phone
            else:
                row.phone = person.home_phone
        if company and draws.chance(0.85):
            row.company = self._noise.company(company)
        if draws.chance(0.35):
            place = glimpses.home(person)
            row.city, row.state = self._noise.case(place.city.name), place.city.state
            row.postcode = place.postcode if draws.chance(0.6) else None
        return company

    def _hubspot_contact(self, row: Row, person: Person) -> Company | None:
        draws, glimpses = self._draws, self._glimpses
        given, family = glimpses.name(person, 0.2)
        if draws.chance(0.84):
            row.first_name = given
            row.last_name = family if draws.chance(0.9) else None
        company = glimpses.employer(person)
        row.email = glimpses.email(person, 0.55)
        if draws.chance(0.36):
            is_mobile = draws.chance(0.65)
            work_phone = company.phone if company else None
            row.phone = glimpses.mobile(person) if is_mobile else work_phone
        if company and draws.chance(0.5):
            row.company = self._noise.company(company)
        if draws.chance(0.2):
            place = glimpses.home(person)
            row.city, row.state = place.city.name, place.city.state
            row.postcode = place.postcode if draws.chance(0.5) else None
        return company

    def _gmail_participant(self, row: Row, person: Person) -> None:
        given, family = (part or "" for part in self._glimpses.name(person, 0.3))
        row.email = self._glimpses.email(person, 0.6)
        shape = self._draws.share()
        if shape < 0.60:
            row.full_name = f"{given} {family}".strip()
        elif shape < 0.68:
            row.full_name = f"{family}, {given}".strip(", ")
        elif shape < 0.74:
            row.full_name = f"{given} {family[:1]}".strip()
        elif shape < 0.82:
            row.full_name = given or None
        elif shape < 0.86:
            row.full_name = (row.email or "").split("@")[0] or None

    def _dialpad_caller(self, row: Row, person: Person) -> Company | None:
        given, family = (part or "" for part in self._glimpses.name(person, 0.25))
        company = self._glimpses.employer(person)
        row.phone = self._caller_number(person, company)
        shape = self._draws.share()
        if shape < 0.34:
            row.full_name = f"{given} {family}".strip()
        elif shape < 0.46:
            row.full_name = f"{family} {given}".strip().upper()
        elif shape < 0.54:
            row.full_name = f"{given} {family[:1]}".strip()
        elif shape < 0.64:
            row.full_name = given or None
        elif shape < 0.70 and company:
            row.company = self._noise.company(company)
        return company

    def _caller_number(self, person: Person, company: Company | None) -> str | None:
        which = self._draws.share()
        if which < 0.62:
            return self._glimpses.mobile(person)
        if which < 0.76 and person.direct_line:
            return person.direct_line
        if which < 0.88:
            return company.phone if company else self._glimpses.mobile(person)
        return person.home_phone or self._glimpses.mobile(person)
