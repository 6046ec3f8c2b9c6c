"""Gmail: messages between our staff and the people outside, with everyone on them."""

from random import Random

from orchestrator.demo.sample.noise import fold
from orchestrator.demo.sample.recording import Recording
from orchestrator.demo.sample.world import OWN_DOMAIN, OWN_STAFF, Company, Person, World

SUBJECTS = (
    "Re: your order",
    "Meeting next week",
    "Contract draft",
    "Invoice",
    "Thanks",
    "Question",
)
ROLE_LOCALS = ("info", "sales", "support", "billing")
Party = tuple[str, str | None]


class Gmail:
    """Writes messages and their participants."""

    def __init__(self, rng: Random, recording: Recording) -> None:
        self._rng = rng
        self._recording = recording
        self._messages = 0
        self._last_by_company: dict[str, Party] = {}

    def write(self, world: World) -> None:
        """Threads with people, then with role mailboxes."""
        for person in world.people:
            if self._rng.random() < 0.52:
                for address, cases in self._addresses(person):
                    self._write_thread(person, address, cases)
        for company in world.companies[::2]:
            self._write_role_thread(company)

    def _addresses(self, person: Person) -> list[tuple[str, tuple[str, ...]]]:
        """The addresses that the person writes from, each a record of its own."""
        rng = self._rng
        found: list[tuple[str, tuple[str, ...]]] = []
        if person.job:
            found.append((person.job.email, ()))
        if person.former_job and rng.random() < 0.5:
            found.append((person.former_job.email, ()))
        if not person.job or rng.random() < 0.25:
            found.append((person.personal_email, ()))
        if rng.random() < 0.06:
            local, _, domain = person.personal_email.partition("@")
            found.append(
                (f"{local}+{rng.choice(('news', 'work', 'shop'))}@{domain}", ("plus_tag",))
            )
        return found

    def _write_thread(self, person: Person, address: str, cases: tuple[str, ...]) -> None:
        self._recording.is_person(
            f"gmail:participant:{address}", person.person_id, person.cases + cases
        )
        company = person.job.company if person.job else None
        for _ in range(self._rng.choice((1, 1, 2, 3))):
            colleague = self._last_by_company.get(company.company_id) if company else None
            others = [colleague] if colleague and self._rng.random() < 0.2 else []
            self._write_message((address, self._display_name(person, address)), others)
        if company and person.job and address == person.job.email:
            self._last_by_company[company.company_id] = (address, f"{person.given} {person.family}")

    def _write_role_thread(self, company: Company) -> None:
        address = f"{self._rng.choice(ROLE_LOCALS)}@{company.domain}"
        name = self._rng.choice((company.name, f"{company.name} Team", None, "Customer Support"))
        self._recording.is_person(
            f"gmail:participant:{address}", f"mailbox:{address}", ("role_mailbox",)
        )
        self._write_message((address, name), [])

    def _display_name(self, person: Person, address: str) -> str | None:
        given, family = person.given, person.family
        company = person.job.company.name if person.job else "home"
        forms = (
            f"{given} {family}",
            f"{given} {family}",
            f"{given} {family}",
            fold(f"{given} {family}"),
            f"{family}, {given}",
            f"{given} {family} ({company})",
            f"{given[0]}. {family}",
            given,
            address,
            None,
        )
        return self._rng.choice(forms)

    def _write_message(self, outside: Party, others: list[Party]) -> None:
        rng = self._rng
        self._messages += 1
        message_id = f"18c{self._messages:013x}"
        staff_name, mailbox, _, _ = rng.choice(OWN_STAFF)
        staff: Party = (mailbox, staff_name)
        incoming = rng.random() < 0.55
        self._recording.add(
            "gmail.message",
            {
                "id": message_id,
                "rfc822_message_id": f"<{message_id}@mail.{OWN_DOMAIN}>",
                "thread_id": message_id,
                "mailbox": mailbox,
                "subject": rng.choice(SUBJECTS),
                "snippet": None,
                "label_ids": "INBOX" if incoming else "SENT",
                "internal_date": self._recording.clock.moment(rng),
                "size_estimate": rng.randint(900, 90_000),
                "_synced_at": self._recording.clock.synced,
            },
        )
        sender, receiver = (outside, staff) if incoming else (staff, outside)
        self._write_participants(message_id, "from", [sender])
        self._write_participants(message_id, "to", [receiver])
        self._write_participants(message_id, "cc", others)

    def _write_participants(self, message_id: str, role: str, parties: list[Party]) -> None:
        for position, (address, name) in enumerate(parties):
            # Mail programs keep the capitals that somebody once typed.
            shown = address.capitalize() if self._rng.random() < 0.03 else address
            row = {
                "message_id": message_id,
                "role": role,
                "position": position,
                "address": shown,
                "display_name": name,
                "_synced_at": self._recording.clock.synced,
            }
            self._recording.add("gmail.message_participant", row)
