"""What is true in the made-up world, before any system writes it down."""

from dataclasses import dataclass
from datetime import date

from orchestrator.demo.sample.places import Place, PostalAddress

OWN_DOMAIN = "lumenharbor.example"
OWN_COMPANY = "Lumen Harbor"
# Our own staff: name, mailbox, Salesforce user id, own phone number.
OWN_STAFF = (
    ("Dana Whitlock", f"dana@{OWN_DOMAIN}", "0055g0000000001AAA", "+16175550190"),
    ("Ravi Menon", f"ravi@{OWN_DOMAIN}", "0055g0000000002AAA", "+16175550191"),
    ("Colleen Farrow", f"colleen@{OWN_DOMAIN}", "0055g0000000003AAA", "+16175550192"),
    ("Tobias Lindgren", f"tobias@{OWN_DOMAIN}", "0055g0000000004AAA", "+16175550193"),
)


@dataclass(frozen=True)
class Company:
    """A customer company; `name` is without the legal suffix."""

    company_id: str
    name: str
    suffix: str
    domain: str
    second_domain: str | None
    switchboard: str
    place: Place
    address: PostalAddress
    industry: str


@dataclass(frozen=True)
class Job:
    """A person's work at a company."""

    company: Company
    title: str
    email: str


@dataclass(frozen=True)
class Person:
    """A customer. `former_family` is the name before a marriage; `cases` say what is hard."""

    person_id: str
    given: str
    middle: str
    family: str
    suffix: str | None
    former_family: str | None
    born: date
    mobile: str
    landline: str | None
    home: PostalAddress
    personal_email: str
    family_email: str | None
    job: Job | None
    former_job: Job | None
    cases: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """All companies and people of the sample."""

    companies: tuple[Company, ...]
    people: tuple[Person, ...]
