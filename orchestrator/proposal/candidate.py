"""One column by itself: what its header says, and whether its values agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from orchestrator.proposal.value_support import agreement, in_words, kind_without_header
from orchestrator.reading.casting import is_sound

if TYPE_CHECKING:
    from orchestrator.proposal.column_values import ColumnValues
    from orchestrator.proposal.header_words import HeaderMeaning

Confidence = Literal["sure", "likely", "doubtful"]
NEARLY_ALL: Final = 0.9
SPOKEN: Final = {
    "emails": "e-mail",
    "phones": "telephone",
    "domains": "web domain",
    "identifiers.vat": "VAT number",
    "company_record_id": "id of a company",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column and what it could become; `target` is empty for nothing."""

    number: int
    name: str
    meaning: HeaderMeaning
    values: ColumnValues
    target: str
    confidence: Confidence
    reason: str

    def becomes(self, target: str, confidence: Confidence, reason: str = "") -> Candidate:
        """Return the same column with another target."""
        return replace(self, target=target, confidence=confidence, reason=reason or self.reason)

    def left_out(self, confidence: Confidence, reason: str) -> Candidate:
        """Return the same column without a target."""
        return self.becomes("", confidence, reason)


def candidate_of(number: int, name: str, meaning: HeaderMeaning, values: ColumnValues) -> Candidate:
    """Weigh header and values of one column."""
    bare = Candidate(number, name, meaning, values, "", "likely", "")
    if not name or not is_sound(name):
        return bare.left_out("likely", "the column has no name that can be written")
    if not values.values:
        told = f"; by its name it would be {spoken(meaning.target)}" if meaning.target else ""
        return bare.left_out("sure", f"no values{told}")
    if meaning.strength == "none":
        return _by_values(bare)
    if not meaning.target:
        sure: Confidence = "sure" if meaning.strength == "exact" else "likely"
        return bare.left_out(sure, f"the header says: {meaning.unused_because}")
    return _by_header(bare)


def spoken(target: str) -> str:
    """Return a target as people say it."""
    plain = target.replace("identifiers.", "").replace("_", " ")
    return SPOKEN.get(target, plain)


def _by_header(bare: Candidate) -> Candidate:
    target = bare.meaning.target
    verdict = agreement(target, bare.values)
    is_exact = bare.meaning.strength == "exact"
    says = f"the header {'says' if is_exact else 'mentions'} {spoken(target)}"
    seen = in_words(target, bare.values)
    are_postcodes = bare.values.share("postcode") >= NEARLY_ALL
    if target == "street" and are_postcodes:
        return bare.becomes("postcode", "likely", f"{says}, and its values are postcodes")
    if verdict == "contradict":
        return bare.left_out(
            "doubtful" if is_exact else "likely", f"{says}, but its values are something else"
        )
    if verdict == "agree":
        reason = f"{says}, {seen}" if seen else says
        return bare.becomes(target, "sure" if is_exact else "likely", reason)
    reason = f"{says}; its values neither prove nor deny it"
    return bare.becomes(target, "likely" if is_exact else "doubtful", reason)


def _by_values(bare: Candidate) -> Candidate:
    found = kind_without_header(bare.values)
    if not found:
        return bare.left_out("likely", "neither the header nor the values say what it is")
    target, confidence = found
    return bare.becomes(
        target, confidence, f"the header is not known, but {in_words(target, bare.values)}"
    )
