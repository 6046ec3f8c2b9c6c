"""What the values of a column look like: the share of e-mail addresses, dates and names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.proposal import value_shapes as shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orchestrator.proposal.known_words import KnownWords

LONG_TEXT: Final = 60
SHORT_TEXT: Final = 3
SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """The values of a column that are not empty, and the share of each kind among them."""

    values: tuple[str, ...]
    rows: int
    shares: dict[str, float]

    @property
    def filled(self) -> float:
        """Return the share of rows that have a value."""
        return len(self.values) / self.rows if self.rows else 0.0

    @property
    def distinct(self) -> int:
        """Return how many different values there are."""
        return len(set(self.values))

    @property
    def is_unique(self) -> bool:
        """Say whether every row has a value of its own."""
        return bool(self.values) and self.distinct == len(self.values) == self.rows

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the first different values; they are masked before anybody sees them."""
        return tuple(dict.fromkeys(self.values))[:SHOWN]

    def share(self, kind: str) -> float:
        """Return the share of values of a kind."""
        return self.shares.get(kind, 0.0)


def measured(values: Sequence[str], known: KnownWords) -> ColumnValues:
    """Look at the values of a column."""
    filled = tuple(value.strip() for value in values if value.strip())
    counts = Counter(filled)
    shares = {
        kind: sum(count for value, count in counts.items() if is_one(value)) / len(filled)
        for kind, is_one in _kinds(known).items()
        if filled
    }
    return ColumnValues(filled, len(values), shares)


def date_order(columns: Sequence[ColumnValues]) -> str | None:
    """Return the order that the dates of some columns prove; None if none, or several."""
    parts = [shapes.date_parts(value) for column in columns for value in set(column.values)]
    orders = {found[0] for found in parts if found and found[0]}
    return orders.pop() if len(orders) == 1 else None


def _kinds(known: KnownWords) -> dict[str, Callable[[str], bool]]:
    return {
        "email": shapes.is_email,
        "phone": shapes.is_phone,
        "dialled": shapes.looks_dialled,
        "web": shapes.is_web,
        "shared_web": known.is_shared_domain,
        "date": shapes.is_date,
        "birth": shapes.is_birth_date,
        "stamp": lambda value: shapes.STAMP.fullmatch(value) is not None,
        "postcode": lambda value: shapes.postcode_region(value) is not None,
        "country": lambda value: known.country_of(value) is not None,
        "region": known.is_region,
        "number": lambda value: shapes.NUMBER.fullmatch(value) is not None,
        "flag": lambda value: value.casefold() in shapes.FLAGS,
        "code": lambda value: shapes.CODE.fullmatch(value) is not None,
        "house_number": lambda value: shapes.HOUSE_NUMBER.fullmatch(value) is not None,
        "street": lambda value: shapes.STREET.fullmatch(value) is not None,
        "text": _is_text,
        "long": lambda value: len(value) > LONG_TEXT,
        "short": lambda value: len(value) <= SHORT_TEXT,
        "place_line": shapes.is_place_line,
        "words": lambda value: " " in value,
        "given": known.is_given_name,
        "family": known.is_family_name,
        "full": known.is_full_name,
        "title": known.is_title,
        "name_suffix": known.is_name_suffix,
        "company": known.has_legal_suffix,
    }


def _is_text(value: str) -> bool:
    letters = sum(letter.isalpha() for letter in value)
    return letters > 0 and "@" not in value and "://" not in value and letters * 2 >= len(value)
