"""Where people live and work, and the phone numbers of the place."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.crm_people.draws import cumulate

if TYPE_CHECKING:
    from tests.benchmarks.crm_people.draws import Draws

CITIES_FILE: Final = Path(__file__).with_name("cities.csv")
_STREET_NAMES_TEXT = """
Main Oak Maple Cedar Park Washington Pine Lake Hill Elm Walnut Spring North Ridge Church Willow
Mill Sunset Railroad Jackson West South Cherry Highland Lincoln River Green Forest Meadow Center
2nd 3rd 4th 5th 1st 7th Broad Madison Franklin Jefferson Dogwood Hickory Valley Chestnut Poplar
Adams Prospect Laurel College Liberty
"""
STREET_NAMES: Final = _STREET_NAMES_TEXT.split()
STREET_TYPES: Final = (
    *(("Street", "St"), ("Avenue", "Ave"), ("Road", "Rd"), ("Drive", "Dr"), ("Lane", "Ln")),
    *(("Court", "Ct"), ("Boulevard", "Blvd"), ("Place", "Pl"), ("Way", "Way"), ("Circle", "Cir")),
)
# Streets are named after the most frequent family names.
FAMILY_NAMES_OF_STREETS: Final = 5000


@dataclass(frozen=True, slots=True)
class City:
    """A city with the first digits of its postcodes and phone numbers."""

    name: str
    state: str
    postcode_prefix: str
    area_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Street:
    """House number, name, type (long and short) and apartment of a street address."""

    number: str
    name: str
    kinds: tuple[str, str]
    apartment: str


@dataclass(frozen=True, slots=True)
class Place:
    """A full address."""

    street: Street
    city: City
    postcode: str


class Gazetteer:
    """Draws places, and phone numbers of which none is given twice."""

    def __init__(self, draws: Draws, family_names: list[str]) -> None:
        self._draws = draws
        self._family_names = family_names
        with CITIES_FILE.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        self._cities = [
            City(
                row["city"],
                row["state"],
                row["postcode_prefix"],
                tuple(row["area_codes"].split()),
            )
            for row in rows
        ]
        self._cumulated = cumulate([float(row["weight"]) for row in rows])
        self._phones: set[str] = set()

    def street(self) -> Street:
        """Draw a street address."""
        draws = self._draws
        if draws.chance(0.55):
            name = draws.pick(STREET_NAMES)
        else:
            # Low ranks, the frequent names, more often.
            rank = int(draws.share() ** 3 * FAMILY_NAMES_OF_STREETS)
            name = self._family_names[min(rank, FAMILY_NAMES_OF_STREETS - 1)]
        kinds = draws.pick(STREET_TYPES)
        number = str(1 + int(10 ** (1 + draws.share() * 3)))
        apartment = f"Apt {1 + draws.below(60)}" if draws.chance(0.22) else ""
        return Street(number, name, kinds, apartment)

    def city(self) -> tuple[City, str]:
        """Draw a city and a postcode in it."""
        city = self._cities[self._draws.pick_by_weight(self._cumulated)]
        return city, self.postcode(city)

    def postcode(self, city: City) -> str:
        """Draw a postcode of the city; some hold many more people than others."""
        return f"{city.postcode_prefix}{int(100 * self._draws.share() ** 1.8):02d}"

    def phone(self, city: City) -> str:
        """Draw a new number of ten digits."""
        area_code = self._draws.pick(city.area_codes)
        while True:
            exchange = 2 + self._draws.below(8)
            number = f"{area_code}{exchange}{int(self._draws.share() * 1e6):06d}"
            if number not in self._phones:
                self._phones.add(number)
                return number
