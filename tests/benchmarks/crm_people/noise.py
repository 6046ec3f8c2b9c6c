"""How a true value looks once somebody has typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.benchmarks.crm_people.companies import Company
    from tests.benchmarks.crm_people.draws import Draws
    from tests.benchmarks.crm_people.places import Street

_NEIGHBOURS_TEXT = (
    "a:qsz b:vgn c:xvd d:sfe e:wrd f:dgr g:fht h:gjy i:uok j:hku k:jli l:kop m:nj n:bmh o:ipl "
    "p:ol q:wa r:etf s:adw t:ryg u:yij v:cbf w:qes x:zcs y:tuh z:xas"
)
KEYBOARD_NEIGHBOURS: Final = dict(pair.split(":") for pair in _NEIGHBOURS_TEXT.split())
ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
ABBREVIATIONS: Final = {
    "International": "Intl",
    "Technologies": "Tech",
    "Manufacturing": "Mfg",
    "Associates": "Assoc",
    "Services": "Svcs",
    "Group": "Grp",
    "Construction": "Const",
    "Engineering": "Eng",
}
MAIL_TAGS: Final = ("news", "work", "crm", "sf", "shop")
# Ways to write a phone number, with the running sum of their shares.
PHONE_FORMATS: Final = (
    (0.26, "({0}) {1}-{2}"),
    (0.48, "{0}-{1}-{2}"),
    (0.66, "+1{0}{1}{2}"),
    (0.80, "{0}{1}{2}"),
    (0.88, "{0}.{1}.{2}"),
    (0.93, "1-{0}-{1}-{2}"),
    (0.96, "+1 ({0}) {1}-{2}"),
    (1.00, "{0} {1} {2}"),
)


class Noise:
    """Writes values as people do: with typing errors, in their own formats."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws

    def typo(self, text: str) -> str:
        """Leave a letter out, hit its neighbour, double, swap or add one."""
        if len(text) < 3:
            return text
        kind = self._draws.below(5)
        at = 1 + self._draws.below(len(text) - 1)
        before, letter, after = text[:at], text[at], text[at + 1 :]
        if kind == 0:
            return before + after
        if kind == 1:
            return before + self._draws.pick(KEYBOARD_NEIGHBOURS.get(letter.lower(), "e")) + after
        if kind == 2:
            return before + letter + letter + after
        if kind == 3:
            return before[:-1] + letter + before[-1] + after
        return before + self._draws.pick(ALPHABET) + letter + after

    def case(self, text: str | None) -> str | None:
        """Write some values in capitals, in small letters, or with a space behind them."""
        shape = self._draws.share()
        if text is None or shape >= 0.135:
            return text
        if shape < 0.05:
            return text.upper()
        return text.lower() if shape < 0.12 else f"{text} "

    def phone(self, number: str) -> str:
        """Write a phone number, sometimes a wrong one."""
        draws = self._draws
        fault = draws.share()
        if fault < 0.012:
            at = draws.below(9)
            number = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        elif fault < 0.02:
            number = number[:-1]
        elif fault < 0.03:
            at = 3 + draws.below(7)
            number = number[:at] + str(draws.below(10)) + number[at + 1 :]
        shape = draws.share()
        text = next(text for limit, text in PHONE_FORMATS if shape < limit)
        return text.format(number[:3], number[3:6], number[6:])

    def email(self, address: str) -> str:
        """Write an address: with errors, tags, other dots or capitals."""
        draws = self._draws
        fault = draws.share()
        user, domain = address.split("@")
        if fault < 0.012:
            user = self.typo(user)
        elif fault < 0.018:
            if draws.chance(0.6):
                domain = domain.replace("gmail.com", "gmial.com").replace(".com", ".con")
            else:
                domain = domain.replace(".com", ".co")
        elif fault < 0.032:
            user = f"{user}+{draws.pick(MAIL_TAGS)}"
        elif fault < 0.05 and domain == "gmail.com":
            user = user.replace(".", "") if "." in user else f"{user[:2]}.{user[2:]}"
        address = f"{user}@{domain}"
        if fault > 0.96:
            is_loud = draws.chance(0.3)
            return address.upper() if is_loud else address[0].upper() + address[1:]
        return address

    def company(self, company: Company) -> str | None:
        """Write a company's name: abbreviated, with any form of its legal form, cut short."""
        draws = self._draws
        name, fault = company.name, draws.share()
        for word, abbreviation in ABBREVIATIONS.items():
            if word in name and draws.chance(0.12):
                name = name.replace(word, abbreviation)
        if "&" in name and draws.chance(0.4):
            name = name.replace("&", "and")
        legal_form = draws.pick(company.legal_forms)
        glue = "" if legal_form.startswith(",") else " "
        name = f"{name}{glue}{legal_form}".strip()
        if fault < 0.035:
            name = self.typo(name)
        elif fault < 0.06:
            name = f"The {name}"
        elif fault < 0.09:
            name = name.split()[0]
        return self.case(name)

    def street(self, street: Street) -> str | None:
        """Write the first line of an address."""
        draws = self._draws
        kind = street.kinds[0 if draws.chance(0.4) else 1]
        text = f"{street.number} {street.name} {kind}"
        if draws.chance(0.08):
            text += "."
        if street.apartment and draws.chance(0.75):
            text = f"{text} {self._apartment(street.apartment)}"
        if draws.chance(0.03):
            text = self.typo(text)
        return self.case(text)

    def _apartment(self, apartment: str) -> str:
        if self._draws.chance(0.5):
            return apartment
        if self._draws.chance(0.7):
            return f"#{apartment[4:]}"
        return apartment.replace("Apt", "Unit")
