"""The country of telephone numbers that do not say it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from orchestrator.proposal.value_shapes import postcode_region

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orchestrator.proposal.candidate import Candidate
    from orchestrator.proposal.known_words import KnownWords

DIALLED: Final = re.compile(r"(?:\+|00)(\d[\d\s().\-/]{5,})")
LONGEST_CODE: Final = 3
MOST: Final = 0.5


def phone_region(found: Sequence[Candidate], known: KnownWords) -> str | None:
    """Return the country that most rows name, else most calling codes, else most postcodes."""
    countries = (known.country_of(value) for value in _values(found, "country"))
    codes = (_region_of_number(value, known) for value in _values(found, "phones"))
    postcodes = (postcode_region(value) for value in _values(found, "postcode"))
    return _most(countries) or _most(codes) or _most(postcodes)


def _values(found: Sequence[Candidate], target: str) -> list[str]:
    return [value for one in found if one.target == target for value in one.values.values]


def _region_of_number(value: str, known: KnownWords) -> str | None:
    dialled = DIALLED.match(value.strip())
    if not dialled:
        return None
    digits = re.sub(r"\D", "", dialled.group(1))
    starts = (digits[:size] for size in range(LONGEST_CODE, 0, -1))
    return next((known.calling_codes[one] for one in starts if one in known.calling_codes), None)


def _most(regions: Iterable[str | None]) -> str | None:
    counts = Counter(region for region in regions if region)
    if not counts:
        return None
    region, count = counts.most_common(1)[0]
    return region if count > MOST * counts.total() else None
