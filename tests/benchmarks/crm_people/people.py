"""The people: households with a surname, an address, jobs, phones and mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.crm_people.places import Place

if TYPE_CHECKING:
    from tests.benchmarks.crm_people.companies import Company, Employers
    from tests.benchmarks.crm_people.draws import Draws
    from tests.benchmarks.crm_people.mailboxes import Mailboxes
    from tests.benchmarks.crm_people.name_lists import NameLists
    from tests.benchmarks.crm_people.places import Gazetteer


@dataclass(slots=True)
class Person:
    """What is true of a person; the second value of a kind is an earlier or another one."""

    household: int
    is_female: bool
    given: str
    family: str
    middle_initial: str
    place: Place
    home_phone: str | None
    suffix: str = ""
    second_family: str | None = None
    second_place: Place | None = None
    mobile: str | None = None
    second_mobile: str | None = None
    employer: Company | None = None
    second_employer: Company | None = None
    direct_line: str | None = None
    work_email: str | None = None
    second_work_email: str | None = None
    email: str | None = None
    second_email: str | None = None


@dataclass(frozen=True, slots=True)
class _Household:
    number: int
    size: int
    family: str
    place: Place
    phone: str | None
    shared_email: str | None


class Population:
    """Makes people, one household after the other."""

    def __init__(
        self,
        draws: Draws,
        gazetteer: Gazetteer,
        employers: Employers,
        mailboxes: Mailboxes,
        names: NameLists,
        count: int,
    ) -> None:
        self._draws = draws
        self._gazetteer = gazetteer
        self._employers = employers
        self._mailboxes = mailboxes
        self._female_names = names.female.draw(draws, count)
        self._male_names = names.male.draw(draws, count)
        self._family_names = names.family.draw(draws, count)
        self._middle_names = names.male.draw(draws, count)
        self._other_family_names = names.family.draw(draws, count)
        self._people: list[Person] = []
        self._count = count

    def make(self) -> list[Person]:
        """Return all people."""
        number = 0
        while len(self._people) < self._count:
            household = self._household(number)
            for member in range(household.size):
                self._people.append(self._person(household, member))
            number += 1
        return self._people

    def _household(self, number: int) -> _Household:
        draws = self._draws
        at = len(self._people)
        size = 1 if draws.chance(0.78) else 2 + draws.below(3)
        size = min(size, self._count - at)
        city, postcode = self._gazetteer.city()
        street = self._gazetteer.street()
        phone = self._gazetteer.phone(city) if draws.chance(0.45) else None
        family = self._family_names[at]
        shared = None
        if size > 1 and draws.chance(0.10):
            shared = self._mailboxes.unique(f"the{family.lower()}s", "gmail.com")
        return _Household(number, size, family, Place(street, city, postcode), phone, shared)

    def _person(self, household: _Household, member: int) -> Person:
        draws = self._draws
        at = len(self._people)
        is_female = draws.chance(0.5)
        keeps_name = member == 0 or draws.chance(0.88)
        person = Person(
            household=household.number,
            is_female=is_female,
            given=self._female_names[at] if is_female else self._male_names[at],
            family=household.family if keeps_name else self._family_names[at],
            middle_initial=self._middle_names[at][0],
            place=household.place,
            home_phone=household.phone,
        )
        if member == 1 and draws.chance(0.05) and not self._people[-1].is_female:
            self._name_after(person, self._people[-1])
        if person.is_female and draws.chance(0.07):
            other = self._other_family_names[at]
            is_new = draws.chance(0.7)
            person.second_family = other if is_new else f"{person.family}-{other}"
        self._settle(person)
        self._employ(person)
        self._give_mailboxes(person, household)
        return person

    def _name_after(self, person: Person, father: Person) -> None:
        person.is_female = False
        person.given, person.family = father.given, father.family
        father.suffix, person.suffix = "Sr", "Jr"

    def _settle(self, person: Person) -> None:
        draws, city = self._draws, person.place.city
        if draws.chance(0.09):
            street = self._gazetteer.street()
            if draws.chance(0.4):
                new_city, postcode = self._gazetteer.city()
            else:
                new_city, postcode = city, self._gazetteer.postcode(city)
            person.second_place = Place(street, new_city, postcode)
        if draws.chance(0.94):
            person.mobile = self._gazetteer.phone(city)
        if draws.chance(0.07):
            person.second_mobile = self._gazetteer.phone(city)

    def _employ(self, person: Person) -> None:
        draws = self._draws
        if not draws.chance(0.8):
            return
        company = person.employer = self._employers.draw()
        if draws.chance(0.10):
            person.second_employer = self._employers.draw()
        person.work_email = self._work_email(person, company, company.domain)
        second = person.second_employer
        if company.second_domain and draws.chance(0.5):
            person.second_work_email = f"{person.work_email.split('@')[0]}@{company.second_domain}"
        elif second is not None:
            person.second_work_email = self._work_email(person, second, second.domain)
        if draws.chance(0.3):
            person.direct_line = f"{company.phone[:6]}{draws.below(10000):04d}"

    def _work_email(self, person: Person, company: Company, domain: str) -> str:
        return self._mailboxes.at_work(person.given, person.family, company, domain)

    def _give_mailboxes(self, person: Person, household: _Household) -> None:
        draws = self._draws
        if household.shared_email and draws.chance(0.4):
            person.email = household.shared_email
        elif draws.chance(0.93):
            person.email = self._mailboxes.personal(person.given, person.family)
        if draws.chance(0.12):
            person.second_email = self._mailboxes.personal(person.given, person.family)
