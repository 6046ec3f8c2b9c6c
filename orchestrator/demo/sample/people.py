"""The people of the made-up world: colleagues, households, namesakes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from orchestrator.demo.sample.job_titles import TITLES
from orchestrator.demo.sample.names import draw_given_name, draw_surname
from orchestrator.demo.sample.noise import fold
from orchestrator.demo.sample.phone_book import PhoneBook
from orchestrator.demo.sample.places import US_PLACES, Place, PostalAddress, draw_address
from orchestrator.demo.sample.world import Company, Job, Person

FREE_MAIL = (
    "gmail.com",
    "gmail.com",
    "gmail.com",
    "yahoo.com",
    "outlook.com",
    "hotmail.com",
    "icloud.com",
)


@dataclass(frozen=True)
class Home:
    """What people of one home share."""

    place: Place
    address: PostalAddress
    family: str
    landline: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Identity:
    """What is a person's own from birth, and a name given up at a marriage."""

    given: str
    middle: str
    born: date
    suffix: str | None
    former_family: str | None


class PeopleMaker:
    """Makes people one household at a time, so that everyone's addresses stay distinct."""

    def __init__(self, rng: Random, phones: PhoneBook, companies: tuple[Company, ...]) -> None:
        self._rng = rng
        self._phones = phones
        self._companies = companies
        # Some large employers and many small ones: about thirty contacts at the largest.
        self._sizes = [1 / (rank + 3) for rank in range(len(companies))]
        self._emails: set[str] = set()
        self._people: list[Person] = []

    def make(self, count: int) -> tuple[Person, ...]:
        """At least `count` people; the last household is never cut apart."""
        while len(self._people) < count:
            chance = self._rng.random()
            if chance < 0.1:
                self._add_household()
            elif chance < 0.115:
                self._add_father_and_son()
            else:
                self._add_single()
        return tuple(self._people)

    def _add_single(self) -> None:
        rng, place = self._rng, self._rng.choice(US_PLACES)
        home = Home(place, draw_address(rng, place, 0.3), draw_surname(rng))
        former = draw_surname(rng) if rng.random() < 0.025 else None
        who = self._draw_identity(is_female=rng.random() < 0.5, former_family=former)
        self._add(home, who)

    def _add_household(self) -> None:
        rng = self._rng
        home = self._draw_home()
        if rng.random() < 0.4:
            home = replace(home, email=self._free_email(f"{fold(home.family)}.family"))
        is_female = rng.random() < 0.5
        taken: set[str] = set()
        for _ in range(rng.choice((2, 2, 2, 3, 4))):
            who = self._draw_identity(is_female=is_female)
            while who.given in taken:
                who = self._draw_identity(is_female=is_female)
            taken.add(who.given)
            self._add(home, who, ("household",))
            is_female = not is_female

    def _add_father_and_son(self) -> None:
        rng, home = self._rng, self._draw_home()
        father = self._draw_identity(is_female=False, years=(1940, 1955), suffix="Sr")
        son = self._draw_identity(is_female=False, years=(1966, 1985), suffix="Jr")
        # Half of the pairs share the middle name too.
        middle = father.middle if rng.random() < 0.5 else son.middle
        self._add(home, father, ("household", "jr_sr"))
        self._add(home, replace(son, given=father.given, middle=middle), ("household", "jr_sr"))

    def _draw_home(self) -> Home:
        place = self._rng.choice(US_PLACES)
        landline = self._phones.draw(place, is_mobile=False)
        address = draw_address(self._rng, place, 0.15)
        return Home(place, address, draw_surname(self._rng), landline)

    def _draw_identity(
        self,
        *,
        is_female: bool,
        years: tuple[int, int] = (1945, 2000),
        suffix: str | None = None,
        former_family: str | None = None,
    ) -> Identity:
        rng = self._rng
        return Identity(
            given=draw_given_name(rng, is_female=is_female),
            middle=draw_given_name(rng, is_female=is_female) if rng.random() < 0.6 else "",
            born=date(rng.randint(*years), 1, 1) + timedelta(days=rng.randrange(365)),
            suffix=suffix,
            former_family=former_family,
        )

    def _add(self, home: Home, who: Identity, cases: tuple[str, ...] = ()) -> None:
        rng, family = self._rng, home.family
        is_employed = rng.random() < (0.5 if home.landline else 0.88)
        job = self._job(who.given, family) if is_employed else None
        changed = job is not None and rng.random() < 0.09
        former_job = self._job(who.given, family, but=job.company) if job and changed else None
        person = Person(
            person_id=f"p{len(self._people) + 1:05d}",
            given=who.given,
            middle=who.middle,
            family=family,
            suffix=who.suffix,
            former_family=who.former_family,
            born=who.born,
            mobile=self._phones.draw(home.place, is_mobile=True),
            landline=home.landline,
            home=home.address,
            personal_email=self._personal_email(who.given, family),
            family_email=home.email,
            job=job,
            former_job=former_job,
            cases=cases + (("job_change",) if former_job else ()),
        )
        self._people.append(person)

    def _job(self, given: str, family: str, but: Company | None = None) -> Job:
        company = self._rng.choices(self._companies, self._sizes)[0]
        while company == but:
            company = self._rng.choices(self._companies, self._sizes)[0]
        first, last = _local(given), _local(family)
        shapes = (f"{first}.{last}", f"{first[0]}{last}", f"{first}", f"{first}_{last}")
        # A company writes all its addresses in one way.
        shape = shapes[int(company.company_id[1:]) % 10 // 3]
        return Job(company, self._rng.choice(TITLES), self._unused(shape, company.domain))

    def _personal_email(self, given: str, family: str) -> str:
        first, last = _local(given), _local(family)
        shape = self._rng.choice(
            (
                f"{first}.{last}",
                f"{first[0]}{last}",
                f"{first}{last}",
                f"{last}.{first}",
                f"{first}",
            )
        )
        return self._free_email(shape)

    def _free_email(self, local: str) -> str:
        return self._unused(
            f"{_local(local, keep='.')}.{self._rng.randint(1000, 9999)}",
            self._rng.choice(FREE_MAIL),
        )

    def _unused(self, local: str, domain: str) -> str:
        number, email = 1, f"{local}@{domain}"
        while email in self._emails:
            number += 1
            email = f"{local}{number}@{domain}"
        self._emails.add(email)
        return email


def _local(name: str, keep: str = "") -> str:
    return "".join(letter for letter in fold(name).lower() if letter.isalnum() or letter in keep)
