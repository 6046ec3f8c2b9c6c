"""How people mistype and shorten what they write down."""

import unicodedata
from random import Random

from orchestrator.demo.sample.places import UK, PostalAddress

_NEIGHBOURS = dict(zip("abcdefghijklmnopqrstuvwxyz", "svxfrghjoklknmiowtayibecux", strict=True))
_STREET_SHORT = {
    "Street": "St",
    "Avenue": "Ave",
    "Road": "Rd",
    "Drive": "Dr",
    "Lane": "Ln",
    "Boulevard": "Blvd",
    "Court": "Ct",
    "Place": "Pl",
    "Suite": "Ste",
    "Apartment": "Apt",
}
_WORD_SHORT = {
    "International": "Intl",
    "Services": "Svcs",
    "Manufacturing": "Mfg",
    "Associates": "Assoc",
    "Center": "Ctr",
    "Management": "Mgmt",
    "Technologies": "Tech",
    "University": "Univ",
    "Company": "Co",
    "Systems": "Sys",
    "Engineering": "Eng",
    "Transportation": "Transport",
}
_SUFFIX_SPELLINGS = {
    "Inc": ("Inc", "Inc.", "Incorporated", ", Inc."),
    "LLC": ("LLC", "L.L.C.", ", LLC"),
    "Corp": ("Corp", "Corp.", "Corporation"),
    "Co": ("Co", "Co.", "Company"),
    "LP": ("LP", "L.P."),
    "Ltd": ("Ltd", "Ltd.", "Limited"),
    "PLC": ("PLC", "plc"),
    "LLP": ("LLP", "L.L.P."),
}
_PHONE_FORMATS = (
    "({0}) {1}-{2}",
    "{0}-{1}-{2}",
    "{0}.{1}.{2}",
    "+1 {0} {1} {2}",
    "1{0}{1}{2}",
    "{0}{1}{2}",
    "+1{0}{1}{2}",
)
_NORDIC = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "ß": "ss"})


def fold(text: str) -> str:
    """The text without accents, as a form that knows ASCII only would keep it."""
    plain = unicodedata.normalize("NFKD", text.translate(_NORDIC))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def mistype(rng: Random, text: str) -> str:
    """One slip of the keyboard behind the first letter."""
    if len(text) < 4:
        return text
    at = rng.randrange(1, len(text) - 1)
    slip = rng.choice(("swap", "drop", "double", "neighbour"))
    if slip == "swap":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == "drop":
        return text[:at] + text[at + 1 :]
    if slip == "double":
        return text[:at] + text[at] + text[at:]
    return text[:at] + _NEIGHBOURS.get(text[at].lower(), text[at]) + text[at + 1 :]


def write_phone(rng: Random, number: str, country: str = "") -> str:
    """An E.164 number as somebody would type it."""
    if number.startswith("+44"):
        if country == UK and rng.random() < 0.2:
            return f"0{number[3:]}"
        return rng.choice(
            (number, f"+44 {number[3:5]} {number[5:9]} {number[9:]}", f"0044{number[3:]}")
        )
    return rng.choice(_PHONE_FORMATS).format(number[2:5], number[5:8], number[8:])


def write_email(rng: Random, email: str) -> str:
    """The address with a plus tag, other dots (Gmail only), or capitals now and then."""
    local, _, domain = email.partition("@")
    chance = rng.random()
    if chance < 0.04:
        local += rng.choice(("+news", "+crm", "+orders"))
    elif chance < 0.2 and domain == "gmail.com":
        local = local.replace(".", "")
    elif chance < 0.24:
        return f"{local.capitalize()}@{domain}"
    elif chance < 0.26:
        return email.upper()
    return f"{local}@{domain}"


def write_street(rng: Random, address: PostalAddress) -> str:
    """The street line, with common short forms and a rare slip."""
    street = address.street
    if rng.random() < 0.5:
        street = " ".join(_shorten(word, _STREET_SHORT) for word in street.split(" "))
    if rng.random() < 0.04:
        street = mistype(rng, street)
    return street.upper() if rng.random() < 0.06 else street


def write_company(rng: Random, name: str, suffix: str) -> str:
    """The company's name as typed: suffix or none, short forms, slips, other case."""
    if rng.random() < 0.25:
        name = " ".join(_shorten(word, _WORD_SHORT) for word in name.split(" "))
    if len(name.split(" ")) > 2 and rng.random() < 0.02:
        name = "".join(word[0] for word in name.split(" ") if word != "&")
    if "&" in name and rng.random() < 0.4:
        name = name.replace("&", "and")
    if rng.random() < 0.05:
        name = mistype(rng, name)
    if rng.random() < 0.04:
        name = f"The {name}"
    if suffix and rng.random() < 0.6:
        ending = rng.choice(_SUFFIX_SPELLINGS[suffix])
        name += ending if ending.startswith(",") else f" {ending}"
    case = rng.random()
    return name.upper() if case < 0.05 else name.lower() if case < 0.08 else name


def _shorten(word: str, forms: dict[str, str]) -> str:
    bare = word.rstrip(",")
    return forms.get(bare, bare) + word[len(bare) :]
