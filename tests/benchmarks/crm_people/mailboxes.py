"""E-mail addresses, of which none is given twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.benchmarks.crm_people.draws import cumulate

if TYPE_CHECKING:
    from tests.benchmarks.crm_people.companies import Company
    from tests.benchmarks.crm_people.draws import Draws

PROVIDERS: Final = {
    "gmail.com": 0.56,
    "yahoo.com": 0.14,
    "hotmail.com": 0.09,
    "outlook.com": 0.08,
    "icloud.com": 0.06,
    "aol.com": 0.04,
    "comcast.net": 0.03,
}
_ALIAS_STARTS_TEXT = "sunny happy blue cool golf fish soccer moto star cat dog book music run"
ALIAS_STARTS: Final = _ALIAS_STARTS_TEXT.split()
_ALIAS_ENDS_TEXT = "lover fan girl guy mom dad king gal life"
ALIAS_ENDS: Final = _ALIAS_ENDS_TEXT.split()


class Mailboxes:
    """Gives people their addresses."""

    def __init__(self, draws: Draws, nicknames: dict[str, list[str]]) -> None:
        self._draws = draws
        self._nicknames = nicknames
        self._providers = list(PROVIDERS)
        self._cumulated = cumulate(list(PROVIDERS.values()))
        self._given: set[str] = set()

    def unique(self, user: str, domain: str) -> str:
        """Return user@domain; with a number behind the user when somebody has it."""
        address, tries = f"{user}@{domain}", 0
        while address in self._given:
            tries += 1
            number = self._draws.below(90) + 1 if tries < 4 else self._draws.below(9000) + 100
            address = f"{user}{number}@{domain}"
        self._given.add(address)
        return address

    def at_work(self, given: str, family: str, company: Company, domain: str) -> str:
        """Give an address in the company's pattern."""
        first, last = given.lower(), family.lower().replace("-", "")
        patterns = (
            f"{first}.{last}",
            f"{first[0]}{last}",
            first,
            f"{first}{last[0]}",
            f"{first}_{last}",
        )
        return self.unique(patterns[company.mailbox_pattern], domain)

    def personal(self, given: str, family: str) -> str:
        """Give an address at a provider of free mail."""
        draws = self._draws
        provider = self._providers[draws.pick_by_weight(self._cumulated)]
        shape = draws.share()
        year = f"{50 + draws.below(55):02d}"[-2:]
        return self.unique(self._personal_user(given, family.lower(), shape, year), provider)

    def _personal_user(self, given: str, family: str, shape: float, year: str) -> str:
        draws = self._draws
        first, last = given.lower(), family.replace("-", "")
        plain = (
            (0.25, f"{first}.{last}"),
            (0.4, f"{first}{last}"),
            (0.52, f"{first[0]}{last}"),
            (0.68, f"{first}{last}{year}"),
        )
        for limit, user in plain:
            if shape < limit:
                return user
        if shape < 0.78:
            return f"{first}{year}{draws.below(10)}"
        if shape < 0.86:
            short = draws.pick(self._nicknames[given]) if given in self._nicknames else given
            return f"{short.lower()}.{last}"
        if shape < 0.93:
            return f"{last}.{first}"
        return f"{draws.pick(ALIAS_STARTS)}{draws.pick(ALIAS_ENDS)}{draws.below(1000)}"
