"""The word lists of the project, as far as they tell what the values of a column are."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from orchestrator.proposal.header_words import folded

if TYPE_CHECKING:
    from pathlib import Path

WORD_LISTS: Final = ("seeds", "word_lists")
WORDS: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
ADDRESS: Final = re.compile(r"(?:https?://)?(?:www\.)?([^/?#\s]+)", re.IGNORECASE)
LONGEST_SUFFIX: Final = 5
MOST_NAME_WORDS: Final = 5
MOST_FAMILY_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class KnownWords:
    """Names, countries, legal forms and so on, without case and accents."""

    given: frozenset[str]
    family: frozenset[str]
    particles: frozenset[str]
    titles: frozenset[str]
    name_suffixes: frozenset[str]
    legal_suffixes: frozenset[str]
    countries: dict[str, str]
    regions: frozenset[str]
    shared_domains: frozenset[str]
    calling_codes: dict[str, str]

    def is_given_name(self, value: str) -> bool:
        """Say whether all words of a value are known given names, or initials."""
        words = [word for word in words_of(value) if len(word) > 1]
        return bool(words) and all(self._in(word, self.given) for word in words)

    def is_family_name(self, value: str) -> bool:
        """Say whether a value is a known family name, with particles or without."""
        words = [word for word in words_of(value) if word not in self.particles]
        is_short = 0 < len(words) <= MOST_FAMILY_WORDS
        return is_short and any(self._in(word, self.family) for word in words)

    def is_full_name(self, value: str) -> bool:
        """Say whether a value has a known given and a known family name."""
        words = [word for word in words_of(value) if word not in self.titles]
        if not 1 < len(words) <= MOST_NAME_WORDS:
            return False
        given = [self._in(word, self.given) for word in words]
        family = [self._in(word, self.family) for word in words]
        # `Smith, John` is a name as well.
        return (given[0] and any(family[1:])) or (family[0] and any(given[1:]))

    def is_title(self, value: str) -> bool:
        """Say whether a value is a form of address and nothing else."""
        words = words_of(value)
        return bool(words) and all(word in self.titles for word in words)

    def is_name_suffix(self, value: str) -> bool:
        """Say whether a value is a generation or a credential."""
        return "".join(words_of(value)) in self.name_suffixes

    def has_legal_suffix(self, value: str) -> bool:
        """Say whether a name ends with a legal form, or a value is one."""
        words = re.findall(r"\w+", folded(value.replace(".", " . ")).replace(" . ", " "))
        ends = (" ".join(words[-size:]) for size in range(1, LONGEST_SUFFIX + 1))
        return any(end in self.legal_suffixes for end in ends)

    def country_of(self, value: str) -> str | None:
        """Return the code of a country by any of its names."""
        return self.countries.get(" ".join(re.findall(r"\w+", folded(value))))

    def is_region(self, value: str) -> bool:
        """Say whether a value is a known region, or its code."""
        return " ".join(re.findall(r"\w+", folded(value))) in self.regions

    def is_shared_domain(self, value: str) -> bool:
        """Say whether an address is on a site that many share, such as a social network."""
        found = ADDRESS.match(value.strip())
        parts = found.group(1).casefold().split(".") if found else []
        return any(".".join(parts[start:]) in self.shared_domains for start in range(len(parts)))

    @staticmethod
    def _in(word: str, names: frozenset[str]) -> bool:
        return word in names or any(part in names for part in re.split(r"['\u2019-]", word))


def words_of(value: str) -> list[str]:
    """Return the words of a name, without case and accents."""
    return WORDS.findall(folded(value))


@cache
def known_words(project_dir: Path) -> KnownWords:
    """Read the lists, once."""
    names = _rows(project_dir, "common_names")
    regions = _rows(project_dir, "region_names")
    return KnownWords(
        given=frozenset(folded(row["name"]) for row in names if row["name_part"] == "given"),
        family=frozenset(folded(row["name"]) for row in names if row["name_part"] == "family"),
        particles=_words(project_dir, "name_particles", "particle"),
        titles=_words(project_dir, "name_titles", "title"),
        name_suffixes=_words(project_dir, "name_suffixes", "word"),
        legal_suffixes=_words(project_dir, "company_suffixes", "word"),
        countries={row["name"]: row["country_code"] for row in _rows(project_dir, "countries")},
        regions=frozenset(row[part] for row in regions for part in ("name", "region_code")),
        shared_domains=_words(project_dir, "shared_web_domains", "domain")
        | _words(project_dir, "free_mail_domains", "domain"),
        calling_codes={
            row["calling_code"]: row["region"]
            for row in _rows(project_dir, "calling_codes")
            if row["is_main_region"] == "true"
        },
    )


def _words(project_dir: Path, name: str, column: str) -> frozenset[str]:
    return frozenset(folded(row[column]) for row in _rows(project_dir, name))


def _rows(project_dir: Path, name: str) -> list[dict[str, str]]:
    path = project_dir.joinpath(*WORD_LISTS, f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
