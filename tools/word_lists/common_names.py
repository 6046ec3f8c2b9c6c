"""Writes seeds/word_lists/common_names.csv: given and family names that are known to be common.

usage: python -m tools.word_lists.common_names FOLDER

FOLDER holds the packages of requirements/word-lists.txt. A name has a sex where every list that
knows it puts it on one side, and the share of people who are called so where a list counts people.
Of several countries the one with the largest share counts: where a name is common, it says least.
"""

from __future__ import annotations

import csv
import importlib
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SEED: Final = Path("seeds/word_lists/common_names.csv")
# A family name that fewer people have is not common, and a list of a hundred thousand helps nobody.
LEAST_SHARE: Final = 0.0003
# The census counts every name of either sex; beyond one in so many it is somebody's slip.
SLIP: Final = 50
# Shares of family names in countries whose names Faker lists without counting them, rounded.
FURTHER_SHARES: Final = Path(__file__).parent / "family_name_shares.csv"
# Weights that are all alike only fit a list into its type.
DIFFERENT_WEIGHTS: Final = 3


@dataclass(slots=True)
class Name:
    """What the lists say of one name."""

    sexes: set[str] = field(default_factory=set)
    share: float | None = None

    def see(self, share: float | None) -> None:
        """Keep the largest share."""
        if share is not None:
            self.share = max(share, self.share or 0.0)


def read_census(folder: Path) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return the shares of female, male and family names in the US census of 1990."""

    def read(file: str) -> dict[str, float]:
        lines = (folder / "names" / file).read_text(encoding="utf-8").splitlines()
        return {line.split()[0].lower(): float(line.split()[1]) / 100 for line in lines if line}

    return read("dist.female.first"), read("dist.male.first"), read("dist.all.last")


def read_further_shares() -> dict[str, float]:
    """Return the shares of family names in other countries."""
    with FURTHER_SHARES.open(encoding="utf-8", newline="") as file:
        return {row["name"]: float(row["share"]) for row in csv.DictReader(file)}


def read_locales(folder: Path) -> Iterator[Mapping[str, Mapping[str, float | None]]]:
    """Yield the lists of each locale of Faker: attribute -> name -> share, None if not counted."""
    sys.path.insert(0, str(folder))
    for path in sorted((folder / "faker" / "providers" / "person").glob("*_*/__init__.py")):
        provider = importlib.import_module(f"faker.providers.person.{path.parent.name}").Provider
        lists = ("first_names_female", "first_names_male", "last_names")
        yield {attribute: _shares(getattr(provider, attribute, None)) for attribute in lists}


def _shares(names: object) -> dict[str, float | None]:
    if isinstance(names, dict):
        total = sum(names.values())
        is_counted = len(set(names.values())) >= DIFFERENT_WEIGHTS
        return {
            name.lower(): share / total if is_counted else None for name, share in names.items()
        }
    return {name.lower(): None for name in names} if isinstance(names, (list, tuple)) else {}


def gather_names(folder: Path) -> tuple[dict[str, Name], dict[str, Name]]:
    """Return the given and the family names."""
    given: defaultdict[str, Name] = defaultdict(Name)
    family: defaultdict[str, Name] = defaultdict(Name)
    female, male, last = read_census(folder)
    _add_given(given, female, male)
    for locale in read_locales(folder):
        _add_given(given, locale["first_names_female"], locale["first_names_male"])
        for name, share in locale["last_names"].items():
            family[name].see(share)
    for name, share in (last | read_further_shares()).items():
        family[name].see(share)
    return given, {name: seen for name, seen in family.items() if (seen.share or 0) >= LEAST_SHARE}


def _add_given(
    given: defaultdict[str, Name],
    female: Mapping[str, float | None],
    male: Mapping[str, float | None],
) -> None:
    for sex, names, others in (("f", female, male), ("m", male, female)):
        for name, share in names.items():
            other = others.get(name)
            if name not in others or not share or not other or share * SLIP >= other:
                given[name].sexes.add(sex)
            given[name].see(None if share is None else share / 2)


def rows(names: Mapping[str, Name], name_part: str) -> Iterable[tuple[str, str, str, str]]:
    """Yield the rows of the seed."""
    for name in sorted(names):
        if name.replace(" ", "").replace("-", "").replace("'", "").isalpha():
            sex = "".join(names[name].sexes)
            share = "" if names[name].share is None else f"{names[name].share:.2g}"
            yield name, name_part, sex if len(sex) == 1 else "", share


def main() -> None:
    """Write the seed."""
    given, family = gather_names(Path(sys.argv[1]))
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "name_part", "sex", "share"))
        writer.writerows(rows(given, "given"))
        writer.writerows(rows(family, "family"))


if __name__ == "__main__":
    main()
