"""The employers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.benchmarks.crm_people.draws import cumulate
from tests.benchmarks.crm_people.places import Place

if TYPE_CHECKING:
    from tests.benchmarks.crm_people.draws import Draws
    from tests.benchmarks.crm_people.name_lists import NameList
    from tests.benchmarks.crm_people.places import Gazetteer

_ADJECTIVES_TEXT = """
Summit Pioneer Blue Global National American First United Apex Premier Pacific Atlantic Liberty
Golden Silver Northern Southern Western Eastern Central Bright Clear Green Red Iron Stone Eagle
Falcon Lion Star Sun Moon River Mountain Ocean Valley Heritage Legacy Modern Advanced Quality
Reliable Precision Dynamic Integrated Strategic Alpha Delta Omega Vertex Quantum Fusion Vector
Nova Titan Atlas Beacon Compass Harbor Keystone
"""
ADJECTIVES: Final = _ADJECTIVES_TEXT.split()
_INDUSTRIES_TEXT = (
    "Technologies, Systems, Consulting, Construction, Logistics, Partners, Capital, Health, "
    "Medical Group, Dental, Realty, Insurance, Manufacturing, Foods, Energy, Solutions, Media, "
    "Design, Financial, Law Group, Services, Industries, Properties, Security, Software, "
    "Electric, Plumbing, Landscaping, Auto, Travel, Marketing, Staffing, Engineering, Labs, "
    "Holdings, Group, International, Associates, Supply, Bank"
)
INDUSTRIES: Final = _INDUSTRIES_TEXT.split(", ")
# Ways to write each legal form, and how frequent the forms are.
LEGAL_FORMS: Final = (
    ("Inc", "Inc.", "Incorporated", ", Inc.", ""),
    ("LLC", "L.L.C.", ", LLC", ""),
    ("Corp", "Corp.", "Corporation", ""),
    ("Ltd", "Ltd.", "Limited", ""),
    ("Co", "Co.", "Company", ""),
    ("LLP", ""),
    ("",),
)
LEGAL_FORM_SHARES: Final = (0.34, 0.30, 0.10, 0.05, 0.06, 0.04, 0.11)
MAILBOX_PATTERNS: Final = 5
# Sizes follow Zipf's law with this exponent.
SIZE_EXPONENT: Final = -0.85


@dataclass(frozen=True, slots=True)
class Company:
    """An employer; its employees share the phone, the domain and the pattern of the mailboxes."""

    number: int
    name: str
    legal_forms: tuple[str, ...]
    domain: str
    second_domain: str | None
    place: Place
    phone: str
    mailbox_pattern: int


class Employers:
    """All companies, drawn as often as they are large."""

    def __init__(
        self, draws: Draws, gazetteer: Gazetteer, family_names: NameList, count: int
    ) -> None:
        self._draws = draws
        founders = family_names.draw(draws, 2 * count)
        maker = _CompanyMaker(draws, gazetteer)
        self.companies = [
            maker.make(number, founders[2 * number], founders[2 * number + 1])
            for number in range(count)
        ]
        self._cumulated = cumulate([rank**SIZE_EXPONENT for rank in range(1, count + 1)])
        self._by_rank = draws.permutation(count)

    def draw(self) -> Company:
        """Draw an employer."""
        return self.companies[self._by_rank[self._draws.pick_by_weight(self._cumulated)]]


class _CompanyMaker:
    def __init__(self, draws: Draws, gazetteer: Gazetteer) -> None:
        self._draws = draws
        self._gazetteer = gazetteer
        self._form_shares = cumulate(LEGAL_FORM_SHARES)
        self._domains: set[str] = set()

    def make(self, number: int, founder: str, partner: str) -> Company:
        draws = self._draws
        name = self._name(founder, partner)
        legal_forms = LEGAL_FORMS[draws.pick_by_weight(self._form_shares)]
        domain, second_domain = self._new_domains(name)
        city, postcode = self._gazetteer.city()
        street = self._gazetteer.street()
        return Company(
            number=number,
            name=name,
            legal_forms=legal_forms,
            domain=domain,
            second_domain=second_domain,
            place=Place(street, city, postcode),
            phone=self._gazetteer.phone(city),
            mailbox_pattern=draws.below(MAILBOX_PATTERNS),
        )

    def _name(self, founder: str, partner: str) -> str:
        draws = self._draws
        shape = draws.share()
        if shape < 0.35:
            return f"{draws.pick(ADJECTIVES)} {draws.pick(INDUSTRIES)}"
        if shape < 0.6:
            return f"{founder} {draws.pick(INDUSTRIES)}"
        if shape < 0.75:
            return f"{founder} & {partner}"
        if shape < 0.9:
            return f"{draws.pick(ADJECTIVES)} {founder} {draws.pick(INDUSTRIES)}"
        return f"{founder} {partner} {draws.pick(INDUSTRIES)}"

    def _new_domains(self, name: str) -> tuple[str, str | None]:
        draws = self._draws
        label = name.lower().replace("&", "and").replace(" ", "")
        if draws.chance(0.35):
            words = name.lower().replace("& ", "").split()
            label = "".join(word[0] for word in words) + words[-1]
        ending = ".com" if draws.chance(0.86) else draws.pick([".net", ".io", ".co", ".org"])
        domain, number = label + ending, 2
        while domain in self._domains:
            domain, number = f"{label}{number}.com", number + 1
        self._domains.add(domain)
        if draws.chance(0.06):
            second = label + draws.pick(["group", "hq", "inc", "corp", "usa"]) + ".com"
            if second not in self._domains:
                self._domains.add(second)
                return domain, second
        return domain, None
