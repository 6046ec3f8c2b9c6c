"""The records that people leave: filled by a system, then spoiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.benchmarks.crm_people.companies import Employers
from tests.benchmarks.crm_people.draws import Draws, cumulate
from tests.benchmarks.crm_people.glimpses import Glimpses
from tests.benchmarks.crm_people.mailboxes import Mailboxes
from tests.benchmarks.crm_people.noise import Noise
from tests.benchmarks.crm_people.people import Person, Population
from tests.benchmarks.crm_people.places import Gazetteer
from tests.benchmarks.crm_people.systems import SYSTEM_SHARES, SYSTEMS, Row, Systems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.crm_people.companies import Company
    from tests.benchmarks.crm_people.name_lists import NameLists

# How many people have one, two, three or four records: two on average.
SHARES_BY_RECORDS: Final = (0.40, 0.30, 0.20, 0.10)
PEOPLE_A_COMPANY: Final = 14
LEAST_COMPANIES: Final = 30
# A record by which nobody could be found is drawn again, so often at most.
TRIES: Final = 4
JUNK_NAMES: Final = ("Unknown", "Test", "N/A", "-", "Caller", "No Name")
JUNK_EMAILS: Final = (
    *("none@none.com", "test@test.com", "noemail@noemail.com", "na@na.com"),
    "unknown@unknown.com",
)
JUNK_PHONES: Final = ("000-000-0000", "5555555555", "(999) 999-9999", "1111111111")
ROLES: Final = ("info", "sales", "office", "contact", "admin")
EXTENSIONS: Final = (" x", " ext. ", " ext")
CRM_SYSTEMS: Final = frozenset(SYSTEMS[:3])


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record and the person whom it is about."""

    row: Row
    person_number: int
    person: Person


def make_records(count: int, seed: int, names: NameLists) -> list[Sighting]:
    """Return records in random order; the same count and seed give the same ones."""
    draws = Draws(seed)
    gazetteer = Gazetteer(draws, names.family.names)
    # Two records per person on average, and some people in reserve.
    people_count = int(count / 2.0 * 1.02) + 50
    company_count = max(LEAST_COMPANIES, people_count // PEOPLE_A_COMPANY)
    employers = Employers(draws, gazetteer, names.family, company_count)
    mailboxes = Mailboxes(draws, names.nicknames)
    population = Population(draws, gazetteer, employers, mailboxes, names, people_count)
    people = population.make()
    sightings = list(_Recorder(draws, names).records(people, count))
    return [sightings[at] for at in draws.permutation(len(sightings))]


class _Recorder:
    def __init__(self, draws: Draws, names: NameLists) -> None:
        self._draws = draws
        self._noise = Noise(draws)
        glimpses = Glimpses(draws, self._noise, names.nicknames)
        self._systems = Systems(draws, glimpses, self._noise)
        self._cumulated = cumulate(list(SYSTEM_SHARES.values()))

    def records(self, people: list[Person], count: int) -> Iterator[Sighting]:
        """Yield the records, person by person, until there are enough."""
        made = 0
        extra = self._draws.positions_by_weight(cumulate(SHARES_BY_RECORDS), len(people))
        for number, person in enumerate(people):
            for _ in range(1 + extra[number]):
                row = self._record(person)
                if row is not None and made < count:
                    made += 1
                    yield Sighting(row, number, person)
            if made >= count:
                return

    def _record(self, person: Person) -> Row | None:
        system = self._system()
        for _ in range(TRIES):
            row = self._attempt(person, system)
            if row.email or row.phone or row.mobile_phone or (row.first_name and row.last_name):
                return row
            system = self._system()
        return None

    def _system(self) -> str:
        return SYSTEMS[self._draws.pick_by_weight(self._cumulated)]

    def _attempt(self, person: Person, system: str) -> Row:
        fault = self._draws.share()
        row = Row(system)
        company = self._systems.fill(row, person)
        self._put_junk(row, person, fault)
        if row.email and row.email not in JUNK_EMAILS:
            row.email = self._noise.email(row.email)
        if row.phone and row.phone not in JUNK_PHONES:
            row.phone = self._spoiled_phone(row.phone, company)
        if row.mobile_phone:
            row.mobile_phone = self._noise.phone(row.mobile_phone)
        row.first_name = self._noise.case(row.first_name) or None
        row.last_name = self._noise.case(row.last_name) or None
        row.full_name = self._noise.case(row.full_name) or None
        return row

    def _put_junk(self, row: Row, person: Person, fault: float) -> None:
        draws, system = self._draws, row.source_dataset
        if fault < 0.004:
            row.first_name = draws.pick(JUNK_NAMES)
        elif fault < 0.009 and system != "dialpad_caller":
            row.email = draws.pick(JUNK_EMAILS)
        elif fault < 0.013 and system != "gmail_participant":
            row.phone = draws.pick(JUNK_PHONES)
        elif fault < 0.025 and system in CRM_SYSTEMS and person.employer:
            row.email = f"{draws.pick(ROLES)}@{person.employer.domain}"

    def _spoiled_phone(self, number: str, company: Company | None) -> str:
        written = self._noise.phone(number)
        if company is not None and number == company.phone and self._draws.chance(0.12):
            return f"{written}{self._draws.pick(EXTENSIONS)}{100 + self._draws.below(900)}"
        return written
