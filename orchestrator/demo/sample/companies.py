"""The companies of the made-up world."""

from random import Random

from orchestrator.demo.sample.names import draw_surname
from orchestrator.demo.sample.noise import fold
from orchestrator.demo.sample.phone_book import PhoneBook
from orchestrator.demo.sample.places import UK_PLACES, US_PLACES, draw_address
from orchestrator.demo.sample.world import Company

_FIRST_WORDS_TEXT = """
Blue Silver Granite Northern Summit Harbor Cedar Pioneer Evergreen Atlas Beacon Cobalt Delta
Falcon Golden Heritage Ironwood Juniper Keystone Liberty Meridian Nova Oakridge Pacific Quantum
Redwood Sterling Titan Upland Vanguard Westbrook Zenith Alpine Bright Coastal Crescent Eastgate
Fairview Greenfield Highpoint Lakeside Maple Prairie
"""
FIRST_WORDS = _FIRST_WORDS_TEXT.split()
_SECOND_WORDS_TEXT = (
    "Peak River Bay Point Valley Bridge Stone Field Ridge Gate Crest Creek Line Works Path"
)
SECOND_WORDS = _SECOND_WORDS_TEXT.split()
INDUSTRIES: dict[str, tuple[str, ...]] = {
    "Logistics": ("Logistics", "Freight Services", "Transportation"),
    "Healthcare": ("Dental Care", "Medical Center", "Health Partners", "Pharmaceuticals"),
    "Technology": ("Software", "Technologies", "Data Systems", "Networks"),
    "Manufacturing": ("Manufacturing", "Industries", "Plastics International", "Machine Company"),
    "Finance": ("Capital Management", "Insurance Associates", "Financial Group"),
    "Food": ("Foods", "Bakery", "Catering Services"),
    "Construction": ("Construction", "Engineering", "Roofing & Siding"),
    "Education": ("Learning Center", "Academy", "University Press"),
}
US_SUFFIXES = ("Inc", "LLC", "Corp", "Co", "LP", "")
UK_SUFFIXES = ("Ltd", "PLC", "LLP")


def make_companies(rng: Random, phones: PhoneBook, count: int) -> tuple[Company, ...]:
    """Companies with distinct domains; a few have the name of another one in another city."""
    made: list[Company] = []
    names: set[str] = set()
    for number in range(1, count + 1):
        is_namesake = bool(made) and rng.random() < 0.04
        twin = rng.choice(made) if is_namesake else None
        industry, name = (twin.industry, twin.name) if twin else _draw_name(rng, names)
        names.add(name)
        made.append(_make_company(rng, phones, f"c{number:04d}", industry, name, twin))
    return tuple(made)


def _draw_name(rng: Random, taken: set[str]) -> tuple[str, str]:
    while True:
        industry = rng.choice(sorted(INDUSTRIES))
        kind = rng.choice(INDUSTRIES[industry])
        shape = rng.random()
        if shape < 0.15:
            name = f"{draw_surname(rng)} & {draw_surname(rng)} {kind}"
        elif shape < 0.35:
            name = f"{rng.choice(FIRST_WORDS)} {kind}"
        else:
            name = f"{rng.choice(FIRST_WORDS)} {rng.choice(SECOND_WORDS)} {kind}"
        if name not in taken:
            return industry, name


def _make_company(
    rng: Random, phones: PhoneBook, company_id: str, industry: str, name: str, twin: Company | None
) -> Company:
    is_british = rng.random() < 0.1 if twin is None else False
    choices = UK_PLACES if is_british else US_PLACES
    place = rng.choice([choice for choice in choices if twin is None or choice != twin.place])
    slug = "".join(letter for letter in fold(name).lower() if letter.isalnum())
    # Namesakes need a domain of their own, as they would in life.
    label = f"{slug}-{place.city.lower().replace(' ', '').replace('.', '')}" if twin else slug
    second = f"{rng.choice(('get', 'my', 'team'))}{label}.example" if rng.random() < 0.12 else None
    return Company(
        company_id=company_id,
        name=name,
        suffix=rng.choice(UK_SUFFIXES if is_british else US_SUFFIXES),
        domain=f"{label}.example",
        second_domain=second,
        switchboard=phones.draw(place, is_mobile=False),
        place=place,
        address=draw_address(rng, place, with_unit=0.4),
        industry=industry,
    )
