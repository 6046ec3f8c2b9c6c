"""Dialpad: calls, which show a number and at best a name."""

from random import Random

from orchestrator.demo.sample.recording import Recording, Row, later
from orchestrator.demo.sample.world import OWN_STAFF, Company, Person, World


class Dialpad:
    """Writes calls with people's own numbers, household lines and switchboards."""

    def __init__(self, rng: Random, recording: Recording) -> None:
        self._rng = rng
        self._recording = recording
        self._calls = 0

    def write(self, world: World) -> None:
        """Each outside number becomes one caller."""
        households: set[str] = set()
        for person in world.people:
            if self._rng.random() < 0.3:
                self._call_person(person, person.mobile)
            # One member of a household answers its phone.
            if person.landline and person.landline not in households:
                households.add(person.landline)
                if self._rng.random() < 0.3:
                    self._call_person(person, person.landline, ("shared_phone",))
        for company in world.companies[::3]:
            self._call_switchboard(company)
        for _ in range(len(world.people) // 100):
            self._add_call(None, None, None, None)

    def _call_person(self, person: Person, number: str, cases: tuple[str, ...] = ()) -> None:
        rng = self._rng
        self._recording.is_person(
            f"dialpad:caller:{number}", person.person_id, person.cases + cases
        )
        name: str | None = f"{person.given} {person.family}"
        chance = rng.random()
        if chance < 0.12:
            name = None
        elif chance < 0.2:
            name = f"{person.given[0]} {person.family}"
        email = person.job.email if person.job and rng.random() < 0.35 else None
        company = person.job.company.name if person.job and rng.random() < 0.5 else None
        for _ in range(rng.choice((1, 1, 2, 4))):
            self._add_call(number, name, email, company)

    def _call_switchboard(self, company: Company) -> None:
        """A switchboard is nobody: the number belongs to the whole company."""
        number = company.switchboard
        self._recording.is_person(
            f"dialpad:caller:{number}", f"switchboard:{company.company_id}", ("switchboard",)
        )
        name = self._rng.choice((None, company.name, "Reception"))
        for _ in range(self._rng.choice((1, 2, 3))):
            self._add_call(number, name, None, company.name)

    def _add_call(
        self, number: str | None, name: str | None, email: str | None, company: str | None
    ) -> None:
        rng = self._rng
        self._calls += 1
        staff_name, mailbox, _, own_number = rng.choice(OWN_STAFF)
        started = self._recording.clock.moment(rng)
        seconds = rng.randint(0, 1800)
        row: Row = {
            "call_id": f"{4_500_000_000_000 + self._calls * 7919}",
            "direction": rng.choice(("inbound", "outbound")),
            "external_number": number,
            "internal_number": own_number,
            "contact_name": name,
            "contact_email": email,
            "contact_company": company,
            "target_type": "user",
            "target_name": staff_name,
            "target_email": mailbox,
            "state": "hangup" if seconds else "missed",
            "was_recorded": False,
            "date_started": started,
            "date_connected": later(started, 8) if seconds else None,
            "date_ended": later(started, 8 + seconds),
            "duration_ms": seconds * 1000,
            "_synced_at": self._recording.clock.synced,
        }
        self._recording.add("dialpad.call", row)
