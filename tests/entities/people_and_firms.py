"""The people and firms of a small world, as they are: sources say less of them, or else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GIVEN: Final = [
    "Abigail", "Bernard", "Cordelia", "Desmond", "Eleanor", "Ferdinand", "Gwendolyn",
    "Horace", "Imogen", "Jasper", "Katharine", "Leopold", "Marguerite", "Nathaniel",
    "Ottoline", "Percival", "Quentin", "Rosalind", "Sebastian", "Tabitha", "Ulysses",
    "Veronica", "Winifred", "Xavier", "Yolanda", "Zachary", "Annabel", "Bartholomew",
    "Clementine", "Dominic", "Esmeralda", "Fergus",
]  # fmt: skip
FAMILY: Final = [
    "Ashdown", "Blackwood", "Carmichael", "Drummond", "Eddington", "Fairweather", "Galloway",
    "Hathaway", "Inglethorpe", "Jellicoe", "Kingsley", "Lockhart", "Montague", "Northcott",
    "Ormsby", "Pemberton", "Quillfeather", "Ravenscroft", "Silverstone", "Thackeray", "Underhill",
    "Vanderbilt", "Wetherby", "Xanthopoulos", "Yarborough", "Zimmerman", "Abernathy", "Birtwhistle",
    "Chesterton", "Dalrymple", "Entwistle", "Featherstone",
]  # fmt: skip
PLACES: Final = (
    ("Denver", "CO", "80202", "303"),
    ("Portland", "OR", "97201", "503"),
    ("Austin", "TX", "78701", "512"),
    ("Boston", "MA", "02108", "617"),
    ("Phoenix", "AZ", "85004", "602"),
    ("Seattle", "WA", "98101", "206"),
)
STREETS: Final = ("Oak Street", "Mill Road", "Harbor Lane", "Cedar Avenue", "Lake Drive")
FIRMS: Final = (
    *("Meridian Optics", "Tidewater Freight", "Copperleaf Bakery", "Halcyon Robotics"),
    *("Juniper Textiles", "Northwind Cartography", "Saffron Catering", "Obsidian Glassworks"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody."""

    number: int

    @property
    def given(self) -> str:
        """Return the given name."""
        return GIVEN[self.number % len(GIVEN)]

    @property
    def family(self) -> str:
        """Return the family name."""
        return FAMILY[(self.number + 11 * (self.number // len(GIVEN))) % len(FAMILY)]

    @property
    def email(self) -> str:
        """Return the address at work."""
        return f"{self.given}.{self.family}@{self.firm.domain}".lower()

    @property
    def phone(self) -> str:
        """Return the phone number."""
        return f"({self.place[3]}) 867-{4100 + 37 * self.number}"

    @property
    def street(self) -> str:
        """Return street and number."""
        return f"{100 + 13 * self.number} {STREETS[self.number % len(STREETS)]}"

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Return city, region, postcode and area code."""
        return PLACES[self.number % len(PLACES)]

    @property
    def firm(self) -> Firm:
        """Return the employer."""
        return Firm(self.number % len(FIRMS))


@dataclass(frozen=True, slots=True)
class Firm:
    """A company."""

    number: int

    @property
    def name(self) -> str:
        """Return the name."""
        return FIRMS[self.number]

    @property
    def domain(self) -> str:
        """Return the domain."""
        return FIRMS[self.number].replace(" ", "").lower() + ".com"
