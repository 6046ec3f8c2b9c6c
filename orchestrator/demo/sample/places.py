"""Cities with their postcodes and area codes, and streets that could be anywhere."""

from dataclasses import dataclass
from random import Random

US = "United States"
UK = "United Kingdom"


@dataclass(frozen=True)
class Place:
    """A city; `postcode` is the part that all its postcodes begin with."""

    city: str
    region: str
    postcode: str
    area_codes: tuple[str, ...]
    country: str = US


@dataclass(frozen=True)
class PostalAddress:
    """One postal address, well written."""

    street: str
    city: str
    region: str
    postcode: str
    country: str


_US_CITIES = """
New York|NY|100|212 646 917;Los Angeles|CA|900|213 310 323;Chicago|IL|606|312 773 872
Houston|TX|770|713 281 832;Phoenix|AZ|850|602 480 623;Philadelphia|PA|191|215 267 445
San Antonio|TX|782|210 726;San Diego|CA|921|619 858;Dallas|TX|752|214 469 972
Austin|TX|787|512 737;Columbus|OH|432|614 380;Charlotte|NC|282|704 980;Indianapolis|IN|462|317 463
Seattle|WA|981|206 425;Denver|CO|802|303 720;Boston|MA|021|617 857;Nashville|TN|372|615 629
Portland|OR|972|503 971;Baltimore|MD|212|410 443;Milwaukee|WI|532|414 262
Albuquerque|NM|871|505 575;Sacramento|CA|958|916 279;Kansas City|MO|641|816 975
Atlanta|GA|303|404 678;Omaha|NE|681|402 531;Raleigh|NC|276|919 984;Minneapolis|MN|554|612 763
Cleveland|OH|441|216 440;St. Louis|MO|631|314 557;Pittsburgh|PA|152|412 878
Cincinnati|OH|452|513 283;Boise|ID|837|208 986
"""

_UK_CITIES = (
    Place("London", "Greater London", "EC1A", (), UK),
    Place("Manchester", "Greater Manchester", "M1", (), UK),
)

_STREET_NAMES_TEXT = """
Main Oak Maple Cedar Pine Elm Walnut Chestnut Willow Birch Lake Hill River Park Washington Lincoln
Jefferson Madison Franklin Jackson Highland Sunset Meadow Forest Spring Church Mill Center Union
Liberty Prospect Ridge Valley Garden Orchard Harbor Summit Canyon Mission Broadway Market Commerce
Industrial Technology College University Railroad
"""
STREET_NAMES = _STREET_NAMES_TEXT.split()
STREET_KINDS = ("Street", "Avenue", "Road", "Drive", "Lane", "Boulevard", "Court", "Place", "Way")


def _us_places() -> tuple[Place, ...]:
    lines = _US_CITIES.strip().replace("\n", ";").split(";")
    parts = [line.split("|") for line in lines]
    return tuple(
        Place(city, region, zone, tuple(codes.split())) for city, region, zone, codes in parts
    )


US_PLACES = _us_places()
UK_PLACES = _UK_CITIES


def draw_address(rng: Random, place: Place, with_unit: float) -> PostalAddress:
    """An invented address in the city; `with_unit` is the share that has a suite or flat."""
    street = f"{rng.randint(1, 9899)} {rng.choice(STREET_NAMES)} {rng.choice(STREET_KINDS)}"
    if rng.random() < with_unit:
        street += f", {rng.choice(('Suite', 'Apartment', 'Unit'))} {rng.randint(1, 480)}"
    if place.country == UK:
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        code = f"{place.postcode} {rng.randint(1, 9)}{rng.choice(letters)}{rng.choice(letters)}"
    else:
        code = f"{place.postcode}{rng.randint(1, 60):02d}"
    return PostalAddress(street, place.city, place.region, code, place.country)
