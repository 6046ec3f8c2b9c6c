"""Writes seeds/word_lists/common_names.csv: given and family names that are known to be common.

usage: python -m tools.word_lists.common_names FOLDER

FOLDER holds the packages of requirements/word-lists.txt. A name has a sex where every list that knows it puts it on
one side, and the share of people who are called so where a list counts people. Of several countries the one with the
largest share counts: where the name is common, it says the least.
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
# Shares of family names in countries whose lists in Faker only name them, rounded.
KNOWN_SHARES: Final[dict[str, float]] = {
    **{"nguyễn": 0.31, "trần": 0.11, "lê": 0.095, "phạm": 0.07, "huỳnh": 0.05, "hoàng": 0.05, "vũ": 0.04},
    **{"jensen": 0.043, "nielsen": 0.042, "hansen": 0.036, "pedersen": 0.027, "andersen": 0.026},
    **{"silva": 0.06, "santos": 0.045, "ferreira": 0.03, "pereira": 0.03, "oliveira": 0.03, "souza": 0.02},
    **{"garcía": 0.031, "rodríguez": 0.02, "gonzález": 0.02, "fernández": 0.019, "lópez": 0.018},
    **{"müller": 0.0095, "schmidt": 0.007, "schneider": 0.004, "fischer": 0.0035, "weber": 0.003},
    **{"nowak": 0.0054, "kowalski": 0.0036, "wiśniewski": 0.0029, "novák": 0.007, "novotný": 0.005},
    **{"yılmaz": 0.018, "kaya": 0.012, "demir": 0.011, "rossi": 0.006, "ferrari": 0.004, "russo": 0.004},
    **{"иванов": 0.012, "смирнов": 0.012, "кузнецов": 0.008, "попов": 0.007, "иванова": 0.012},
    **{"singh": 0.03, "kumar": 0.03, "khan": 0.02, "ali": 0.02, "ahmed": 0.02, "mohamed": 0.02},
    **{"佐藤": 0.015, "鈴木": 0.014, "高橋": 0.011, "田中": 0.01, "伊藤": 0.009, "渡辺": 0.008},
    **{"martin": 0.0035, "bernard": 0.0018, "de jong": 0.005, "jansen": 0.0045, "de vries": 0.004},
}


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


def read_locales(folder: Path) -> Iterator[Mapping[str, Mapping[str, float | None]]]:
    """Yield the lists of each locale of Faker: attribute -> name -> share of people, None where nobody counted."""
    sys.path.insert(0, str(folder))
    for path in sorted((folder / "faker" / "providers" / "person").glob("*_*/__init__.py")):
        provider = importlib.import_module(f"faker.providers.person.{path.parent.name}").Provider
        lists = ("first_names_female", "first_names_male", "last_names")
        yield {attribute: _shares(getattr(provider, attribute, None)) for attribute in lists}


def _shares(names: object) -> dict[str, float | None]:
    if isinstance(names, dict):
        total = sum(names.values())
        are_equal = len(set(names.values())) < 3  # noqa: PLR2004 - a list that was given weights to fit its type
        return {name.lower(): None if are_equal else share / total for name, share in names.items()}
    return {name.lower(): None for name in names} if isinstance(names, (list, tuple)) else {}


def collect(folder: Path) -> tuple[dict[str, Name], dict[str, Name]]:
    """Return the given and the family names."""
    given: defaultdict[str, Name] = defaultdict(Name)
    family: defaultdict[str, Name] = defaultdict(Name)
    female, male, last = read_census(folder)
    _add_given(given, female, male)
    for locale in read_locales(folder):
        _add_given(given, locale["first_names_female"], locale["first_names_male"])
        for name, share in locale["last_names"].items():
            family[name].see(share)
    for name, share in (last | KNOWN_SHARES).items():
        family[name].see(share)
    return given, {name: seen for name, seen in family.items() if (seen.share or 0) >= LEAST_SHARE}


def _add_given(
    given: defaultdict[str, Name], female: Mapping[str, float | None], male: Mapping[str, float | None]
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
            share = names[name].share
            yield name, name_part, sex if len(sex) == 1 else "", "" if share is None else f"{share:.2g}"


def main() -> None:
    """Write the seed."""
    given, family = collect(Path(sys.argv[1]))
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "name_part", "sex", "share"))
        writer.writerows(rows(given, "given"))
        writer.writerows(rows(family, "family"))


if __name__ == "__main__":
    main()
