"""Finds the columns of a file by name: without case, spaces, underscores and other signs."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Which column of the file is which wanted one; `doubtful` are wanted ones with several."""

    found: dict[str, str]
    doubtful: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]


def match_columns(wanted: Iterable[str], names: tuple[str, ...]) -> ColumnMatch:
    """Match names that are written alike; one that is written exactly so goes first."""
    by_form: dict[str, list[str]] = {}
    for name in names:
        by_form.setdefault(loose_form(name), []).append(name)
    found: dict[str, str] = {}
    doubtful: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        alike = by_form.get(loose_form(name), [])
        exact = [candidate for candidate in alike if candidate == name]
        candidates = exact or alike
        if len(candidates) == 1:
            found[name] = candidates[0]
        elif candidates:
            doubtful[name] = tuple(candidates)
    used = {*found.values(), *(name for several in doubtful.values() for name in several)}
    unknown = tuple(dict.fromkeys(name for name in names if name and name not in used))
    return ColumnMatch(found, doubtful, unknown)


def loose_form(name: str) -> str:
    """Return a name without what exports write differently: `E-MAIL` and `e_mail` are alike."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum()) or folded


def column_hint(name: str, known: Iterable[str]) -> str:
    """Return a hint at the name that is most alike, or nothing."""
    by_form = {loose_form(candidate): candidate for candidate in known if candidate}
    close = difflib.get_close_matches(loose_form(name), list(by_form), n=1)
    if not close:
        # `Vorname / First name` is what is meant by `Vorname`.
        close = [form for form in by_form if form.startswith(loose_form(name))][:1]
    return f" (did you mean '{by_form[close[0]]}'?)" if close else ""
