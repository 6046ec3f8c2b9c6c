"""A sighting: what one system gets to see of a person, with all its slips."""

from dataclasses import dataclass
from datetime import date
from random import Random

from orchestrator.demo.sample.nicknames import NICKNAMES
from orchestrator.demo.sample.noise import (
    fold,
    mistype,
    write_company,
    write_email,
    write_phone,
    write_street,
)
from orchestrator.demo.sample.places import PostalAddress
from orchestrator.demo.sample.world import Company, Job, Person


@dataclass(frozen=True)
class Sighting:
    """The person's details as typed; `cases` say what makes the record hard."""

    given: str | None
    family: str | None
    email: str | None
    other_emails: tuple[str, ...]
    phone: str | None
    mobile: str | None
    company: Company | None
    company_name: str | None
    title: str | None
    street: str | None
    address: PostalAddress | None
    born: date | None
    cases: tuple[str, ...]

    @property
    def full_name(self) -> str | None:
        """Given name and family name with a space between."""
        return " ".join(part for part in (self.given, self.family) if part) or None


def see_person(rng: Random, person: Person) -> Sighting:
    """One look at the person, at the present or the former job."""
    cases = list(person.cases)
    given, family = _see_name(rng, person, cases)
    job = person.former_job if person.former_job and rng.random() < 0.45 else person.job
    emails = _see_emails(rng, person, job, cases)
    address = _see_address(rng, person, job)
    has_mobile = rng.random() < 0.55
    return Sighting(
        given=given,
        family=family,
        email=emails[0] if emails else None,
        other_emails=tuple(emails[1:]),
        phone=_see_phone(rng, person, job, cases),
        mobile=write_phone(rng, person.mobile) if has_mobile else None,
        company=job.company if job else None,
        company_name=write_company(rng, job.company.name, job.company.suffix) if job else None,
        title=_see_title(rng, job),
        street=write_street(rng, address) if address else None,
        address=address,
        born=person.born if rng.random() < 0.35 else None,
        cases=tuple(cases),
    )


def _see_name(rng: Random, person: Person, cases: list[str]) -> tuple[str | None, str | None]:
    given, family = person.given, person.family
    if person.former_family and rng.random() < 0.4:
        family = person.former_family
        cases.append("former_name")
    given = _see_given(rng, given, cases)
    if "-" in family and rng.random() < 0.5:
        family = rng.choice((family.replace("-", " "), family.split("-", 1)[0]))
        cases.append("hyphenated_name")
    if rng.random() < 0.05:
        family = mistype(rng, family)
        cases.append("typo")
    if rng.random() < 0.5:
        given, family = fold(given), fold(family)
    if person.middle and rng.random() < 0.1:
        given = f"{given} {person.middle[0]}."
    if person.suffix and rng.random() < 0.8:
        family = rng.choice((f"{family} {person.suffix}", f"{family}, {person.suffix}."))
    if rng.random() < 0.015:
        given, family = family, given
        cases.append("swapped_name")
    return _see_case(rng, given, family, cases)


def _see_given(rng: Random, given: str, cases: list[str]) -> str:
    chance = rng.random()
    if chance < 0.18 and given in NICKNAMES:
        cases.append("nickname")
        return rng.choice(NICKNAMES[given])
    if 0.18 <= chance < 0.22:
        cases.append("initial")
        return rng.choice((given[0], f"{given[0]}."))
    if 0.22 <= chance < 0.25:
        cases.append("typo")
        return mistype(rng, given)
    return given


def _see_case(
    rng: Random, given: str, family: str, cases: list[str]
) -> tuple[str | None, str | None]:
    chance = rng.random()
    if chance < 0.035:
        return given.upper(), family.upper()
    if chance < 0.07:
        return given.lower(), family.lower()
    if chance < 0.08:
        cases.append("placeholder_name")
        return given, rng.choice(("Unknown", "-", "n/a"))
    if chance < 0.1:
        return f" {given}", f"{family}  "
    return given, family


def _see_emails(rng: Random, person: Person, job: Job | None, cases: list[str]) -> list[str]:
    emails: list[str] = []
    if job and rng.random() < 0.8:
        emails.append(_see_work_email(rng, job))
    if not emails or rng.random() < 0.15:
        emails.append(write_email(rng, person.personal_email))
    if person.family_email and rng.random() < 0.4:
        emails.insert(0, person.family_email)
        cases.append("family_mailbox")
    chance = rng.random()
    if chance < 0.08:
        return []
    if chance < 0.1:
        return [rng.choice(("noemail@noemail.com", "none@none.com", "n/a"))]
    if chance < 0.12 and job:
        cases.append("role_mailbox")
        return [f"office@{job.company.domain}"]
    if chance < 0.14:
        cases.append("typo")
        local, _, domain = emails[0].partition("@")
        return [f"{mistype(rng, local)}@{domain}"]
    return emails


def _see_work_email(rng: Random, job: Job) -> str:
    if job.company.second_domain and rng.random() < 0.3:
        return f"{job.email.partition('@')[0]}@{job.company.second_domain}"
    return write_email(rng, job.email)


def _see_phone(rng: Random, person: Person, job: Job | None, cases: list[str]) -> str | None:
    chance = rng.random()
    if job and chance < 0.45:
        cases.append("switchboard")
        extension = f" x{rng.randint(100, 199)}" if rng.random() < 0.2 else ""
        return write_phone(rng, job.company.switchboard, job.company.place.country) + extension
    if person.landline and chance < 0.8:
        return write_phone(rng, person.landline)
    if chance < 0.47:
        return rng.choice(("000-000-0000", "(555) 555-5555", "n/a"))
    return write_phone(rng, person.mobile) if chance < 0.7 else None


def _see_address(rng: Random, person: Person, job: Job | None) -> PostalAddress | None:
    chance = rng.random()
    if job and chance < 0.5:
        return job.company.address
    return person.home if chance < 0.85 or (person.landline and chance < 0.95) else None


def _see_title(rng: Random, job: Job | None) -> str | None:
    if job is None or rng.random() < 0.2:
        return None
    title = job.title.replace("Chief Executive Officer", "CEO") if rng.random() < 0.5 else job.title
    return title.replace("Vice President", "VP") if rng.random() < 0.5 else title


def role_mailbox(rng: Random, company: Company) -> Sighting:
    """A contact that is a desk and not a person."""
    desk, local = rng.choice((("Info", "info"), ("Sales", "sales"), ("Front Desk", "info")))
    return Sighting(
        given=None,
        family=desk,
        email=f"{local}@{company.domain}",
        other_emails=(),
        phone=write_phone(rng, company.switchboard, company.place.country),
        mobile=None,
        company=company,
        company_name=write_company(rng, company.name, company.suffix),
        title=None,
        street=write_street(rng, company.address),
        address=company.address,
        born=None,
        cases=("role_mailbox",),
    )
