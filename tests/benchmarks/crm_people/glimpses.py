"""What a system gets to see of a person: one of the names, mailboxes, phones and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.crm_people.companies import Company
    from tests.benchmarks.crm_people.draws import Draws
    from tests.benchmarks.crm_people.noise import Noise
    from tests.benchmarks.crm_people.people import Person
    from tests.benchmarks.crm_people.places import Place


class Glimpses:
    """Draws which of a person's values a record holds."""

    def __init__(self, draws: Draws, noise: Noise, nicknames: dict[str, list[str]]) -> None:
        self._draws = draws
        self._noise = noise
        self._nicknames = nicknames

    def name(self, person: Person, nickname_share: float) -> tuple[str | None, str | None]:
        """Return given and family name, each None when its field stays empty."""
        draws = self._draws
        given, family = person.given, person.family
        if person.second_family and draws.chance(0.45):
            family = person.second_family
        if given in self._nicknames and draws.chance(nickname_share):
            given = draws.pick(self._nicknames[given])
        given = self._given(given, person.middle_initial)
        if draws.chance(0.04):
            family = self._noise.typo(family)
        if person.suffix and draws.chance(0.45):
            family = f"{family} {person.suffix}"
        mixed_up = draws.share()
        if mixed_up < 0.013:
            return family, given
        if mixed_up < 0.025:
            return f"{given} {family}", None
        if mixed_up < 0.035:
            return None, family
        return given, family

    def _given(self, given: str, middle_initial: str) -> str:
        shape = self._draws.share()
        if shape < 0.03:
            return given[0]
        if shape < 0.07:
            return self._noise.typo(given)
        return f"{given} {middle_initial}" if shape < 0.10 else given

    def home(self, person: Person) -> Place:
        """Return the address, or the earlier one."""
        if person.second_place and self._draws.chance(0.5):
            return person.second_place
        return person.place

    def mobile(self, person: Person) -> str | None:
        """Return the mobile phone, or the other one."""
        if person.second_mobile and self._draws.chance(0.45):
            return person.second_mobile
        return person.mobile

    def employer(self, person: Person) -> Company | None:
        """Return the employer, or the earlier one."""
        if person.second_employer and self._draws.chance(0.4):
            return person.second_employer
        return person.employer

    def email(self, person: Person, work_share: float) -> str | None:
        """Return a mailbox: that of the work with the given probability."""
        if person.work_email and self._draws.chance(work_share):
            if person.second_work_email and self._draws.chance(0.4):
                return person.second_work_email
            return person.work_email
        if person.second_email and self._draws.chance(0.35):
            return person.second_email
        return person.email
