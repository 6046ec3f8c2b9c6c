"""Salesforce: which companies and people it knows, how often, and what its activities are."""

from random import Random

from orchestrator.demo.sample.recording import Recording, Row, later
from orchestrator.demo.sample.salesforce_rows import account_row, bookkeeping, contact_row, lead_row
from orchestrator.demo.sample.sightings import Sighting, role_mailbox, see_person
from orchestrator.demo.sample.world import OWN_STAFF, Company, Person, World

SUBJECTS = (
    "Renewal",
    "Quote",
    "Invoice question",
    "Demo",
    "Onboarding",
    "Support case",
    "Delivery",
)


class Salesforce:
    """Writes accounts, contacts, leads, tasks and e-mail messages."""

    def __init__(self, rng: Random, recording: Recording) -> None:
        self._rng = rng
        self._recording = recording
        self._accounts: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        # Contacts and leads that an activity can point to.
        self._people: list[tuple[Row, Person]] = []

    def write(self, world: World) -> None:
        """Accounts first: contacts point to them, and activities to contacts and leads."""
        for company in world.companies:
            if self._rng.random() < 0.85:
                self._add_accounts(company)
        for person in world.people:
            contact = self._add_contact(person) if self._rng.random() < 0.53 else None
            if contact and self._rng.random() < 0.08:
                self._add_contact(person)
            if self._rng.random() < 0.28:
                self._add_lead(person, contact)
        for company in world.companies[::6]:
            self._add_role_mailbox(company)
        for _ in range(len(world.people) // 3):
            self._add_task()
            self._add_email_message()

    def _new_id(self, prefix: str) -> str:
        self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return long_id(f"{prefix}5g00000{self._counts[prefix]:05d}")

    def _add_accounts(self, company: Company) -> None:
        first = self._accounts[company.company_id] = self._add_account(company, None)
        if self._rng.random() < 0.1:
            self._add_account(company, None)
        if self._rng.random() < 0.03:
            # Merged inside Salesforce: the loser stays as a deleted row that names the winner.
            self._add_account(company, first)

    def _add_account(self, company: Company, master: str | None) -> str:
        account_id = self._new_id("001")
        row = account_row(self._rng, self._recording.clock, company, account_id, master)
        self._recording.add("salesforce.account", row)
        if master is None:
            self._recording.is_company(f"salesforce:account:{account_id}", company.company_id)
        return account_id

    def _add_contact(self, person: Person) -> Row:
        seen = see_person(self._rng, person)
        account_id = self._accounts.get(seen.company.company_id) if seen.company else None
        account_id = account_id if self._rng.random() < 0.9 else None
        row = contact_row(self._rng, self._recording.clock, seen, self._new_id("003"), account_id)
        if person.landline and self._rng.random() < 0.3:
            row["home_phone"] = person.landline
        row["is_deleted"] = self._rng.random() < 0.015
        self._keep("contact", row, person, seen)
        return row

    def _add_lead(self, person: Person, contact: Row | None) -> None:
        seen = see_person(self._rng, person)
        is_converted = (
            contact is not None and not contact["is_deleted"] and self._rng.random() < 0.5
        )
        row = lead_row(
            self._rng,
            self._recording.clock,
            seen,
            self._new_id("00Q"),
            contact if is_converted else None,
        )
        self._keep("lead", row, person, seen, ("converted_lead",) if is_converted else ())

    def _keep(
        self, table: str, row: Row, person: Person, seen: Sighting, cases: tuple[str, ...] = ()
    ) -> None:
        self._recording.add(f"salesforce.{table}", row)
        if not row["is_deleted"]:
            self._people.append((row, person))
            record_id = f"salesforce:{table}:{row['id']}"
            self._recording.is_person(record_id, person.person_id, seen.cases + cases)

    def _add_role_mailbox(self, company: Company) -> None:
        seen = role_mailbox(self._rng, company)
        account_id = self._accounts.get(company.company_id)
        row = contact_row(self._rng, self._recording.clock, seen, self._new_id("003"), account_id)
        self._recording.add("salesforce.contact", row)
        self._recording.is_person(
            f"salesforce:contact:{row['id']}", f"mailbox:{seen.email}", seen.cases
        )

    def _add_task(self) -> None:
        rng = self._rng
        who, _ = rng.choice(self._people)
        books = bookkeeping(rng, self._recording.clock)
        is_call = rng.random() < 0.6
        row: Row = {
            "id": self._new_id("00T"),
            "is_deleted": False,
            "who_id": who["id"],
            "what_id": None,
            "account_id": who.get("account_id"),
            "subject": f"{'Call' if is_call else 'Email'}: {rng.choice(SUBJECTS)}",
            "activity_date": str(books["created_date"])[:10],
            "status": "Completed",
            "type": "Call" if is_call else "Email",
            "task_subtype": "Call" if is_call else "Email",
            "call_duration_in_seconds": rng.randint(20, 2400) if is_call else None,
            "call_type": rng.choice(("Inbound", "Outbound")) if is_call else None,
            **books,
        }
        self._recording.add("salesforce.task", row)

    def _add_email_message(self) -> None:
        rng = self._rng
        who, person = rng.choice(self._people)
        name, mailbox, _, _ = rng.choice(OWN_STAFF)
        address = str(who["email"] or person.personal_email)
        incoming = rng.random() < 0.5
        moment = self._recording.clock.moment(rng)
        row: Row = {
            "id": self._new_id("02s"),
            "is_deleted": False,
            "parent_id": None,
            "activity_id": None,
            "related_to_id": who.get("account_id"),
            "message_identifier": None,
            "subject": rng.choice(SUBJECTS),
            "from_name": who["name"] if incoming else name,
            "from_address": address if incoming else mailbox,
            "to_address": mailbox if incoming else address,
            "cc_address": rng.choice(OWN_STAFF)[1] if rng.random() < 0.1 else None,
            "bcc_address": None,
            "incoming": incoming,
            "status": "1" if incoming else "3",
            "message_date": moment,
            "created_date": moment,
            "system_modstamp": later(moment, 60),
            "_fivetran_deleted": False,
            "_fivetran_synced": self._recording.clock.synced,
        }
        self._recording.add("salesforce.email_message", row)


def long_id(short: str) -> str:
    """Return an id with the three signs that say which of its 15 are upper case."""
    parts = (short[start : start + 5] for start in (0, 5, 10))
    places = (sum(1 << n for n, sign in enumerate(part) if sign.isupper()) for part in parts)
    return short + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[place] for place in places)
