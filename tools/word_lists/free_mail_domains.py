"""Adds to the seed free_mail_domains what several lists of other projects agree on.

    python -m tools.word_lists.free_mail_domains FILE FILE FILE... [--without FILE]

A file is text in which domains stand alone in quotes or lines, as packages ship their lists. Rows
of the seed stay. seeds/word_lists/LICENSES.md names the packages and the files that were read.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from pathlib import Path

SEED = Path(__file__).parents[2] / "seeds" / "word_lists" / "free_mail_domains.csv"
DOMAIN = re.compile(r"""^\s*[uU]?["']?([a-z0-9][a-z0-9.-]*\.[a-z]{2,})["']?,?\s*$""")
# As the macro registrable_domain reads a host: two labels, or three under a second level.
SECOND_LEVELS = (
    "ac|co|com|edu|gen|go|gob|gouv|gov|govt|id|ind|info|ltd|me|mil|ne|net|nhs|nic|nom|or|org|plc|"
    "police|res|sch|school"
)
REGISTRABLE = re.compile(rf"^(?:[^.]+\.(?:{SECOND_LEVELS})\.[a-z]{{2}}|[^.]+\.[^.]+)$")
BARE_SECOND_LEVEL = re.compile(rf"^(?:{SECOND_LEVELS})\.[a-z]{{2}}$")


def domains_of(path: Path) -> set[str]:
    """Return the registrable domains that a file lists."""
    words = re.split(r"[\n,\[\]{}()]", path.read_text(encoding="utf-8"))
    found = {match[1] for word in words if (match := DOMAIN.match(word))}
    return {
        domain
        for domain in found
        if REGISTRABLE.match(domain) and not BARE_SECOND_LEVEL.match(domain)
    }


def main() -> None:
    """Read the lists and rewrite the seed in order."""
    options = argparse.ArgumentParser(prog="free_mail_domains", description=__doc__)
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--without", nargs="*", type=Path, default=[], help="disposable domains")
    options.add_argument("--agree", type=int, default=3, help="how many files must name a domain")
    given = options.parse_args()
    counts = Counter(domain for path in given.files for domain in domains_of(path))
    agreed = {domain for domain, count in counts.items() if count >= given.agree}
    thrown_away = {domain for path in given.without for domain in domains_of(path)}
    with SEED.open(encoding="utf-8", newline="") as file:
        known = {row["domain"] for row in csv.DictReader(file)}
    rows = sorted(known | (agreed - thrown_away))
    SEED.write_text("\n".join(["domain", *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
