"""Names that are close to a mistyped one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST: Final = 3
LEAST_SIMILAR: Final = 0.6


def meant(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names that are closest, the closest first."""
    return tuple(get_close_matches(name, sorted(set(known)), MOST, LEAST_SIMILAR))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that offers the closest names, or nothing."""
    close = meant(name, known)
    return f"; did you mean {' or '.join(repr(one) for one in close)}?" if close else ""
