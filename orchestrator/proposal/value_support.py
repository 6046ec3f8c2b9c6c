"""Whether the values of a column agree with what its header says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from orchestrator.proposal.column_values import ColumnValues

Verdict = Literal["agree", "unclear", "contradict"]

# Target -> the kind that its values are of. From the first share on they agree, below the second
# they are something else.
KINDS: Final = {
    "emails": ("email", 0.6, 0.2),
    "phones": ("phone", 0.6, 0.3),
    "website": ("web", 0.6, 0.3),
    "postcode": ("postcode", 0.6, 0.3),
    "country": ("country", 0.6, 0.3),
    "country_code": ("country", 0.6, 0.3),
    "date_of_birth": ("birth", 0.6, 0.3),
    "updated_at": ("stamp", 0.6, 0.6),
    "house_number": ("house_number", 0.6, 0.3),
    "name_suffix": ("name_suffix", 0.5, 0.1),
    "legal_suffix": ("company", 0.5, 0.2),
    "record_id": ("code", 0.6, 0.2),
    "company_record_id": ("code", 0.6, 0.2),
}
KIND_NAMES: Final = {
    "email": "e-mail addresses",
    "phone": "telephone numbers",
    "dialled": "telephone numbers",
    "web": "web addresses",
    "postcode": "postcodes",
    "country": "countries",
    "birth": "dates of a lifetime",
    "stamp": "times",
    "house_number": "house numbers",
    "street": "streets with a number",
    "given": "known given names",
    "family": "known family names",
    "full": "known full names",
    "company": "names with a legal form",
    "region": "known regions",
}
TEXT_KINDS: Final = {
    "given_name": "given",
    "middle_name": "given",
    "family_name": "family",
    "full_name": "full",
    "contact_name": "full",
    "company_name": "company",
    "region": "region",
    "street": "street",
}
# Values of these kinds are neither a name nor a place.
NO_TEXT: Final = (
    *(("number", 0.5), ("email", 0.3), ("phone", 0.5)),
    *(("date", 0.5), ("flag", 0.8), ("long", 0.5)),
)
MOST_TEXT: Final = 0.8
WORTH_SAYING: Final = 0.3
BY_VALUES: Final = (
    ("emails", "email", 0.8, "likely"),
    ("phones", "dialled", 0.8, "likely"),
    ("company_name", "company", 0.5, "doubtful"),
    ("full_name", "full", 0.5, "doubtful"),
    ("given_name", "given", 0.8, "doubtful"),
    ("family_name", "family", 0.8, "doubtful"),
)
IDS: Final = frozenset({"record_id", "company_record_id"})
FEW: Final = 3


def agreement(target: str, values: ColumnValues) -> Verdict:
    """Say whether values can be what the header says."""
    if target in IDS and values.is_unique:
        return "agree"
    if target in KINDS:
        kind, enough, too_few = KINDS[target]
        share = values.share(kind)
        return "agree" if share >= enough else "contradict" if share < too_few else "unclear"
    if target.startswith("identifiers."):
        is_varied = values.distinct > 1 or len(values.values) == 1
        return _agrees(values.share("code") >= MOST_TEXT and is_varied)
    if target == "source_system":
        return _agrees(values.distinct * 2 <= len(values.values))
    return _of_text(target, values)


def _of_text(target: str, values: ColumnValues) -> Verdict:
    """Say it of targets that are words: names and places."""
    is_text = values.share("text") >= MOST_TEXT
    if target == "street":
        if values.share("place_line") >= MOST_TEXT:
            return "unclear"
        is_like_text = values.share("text") >= WORTH_SAYING and not _is_no_text(values)
        return _agrees(values.share("street") >= WORTH_SAYING or is_like_text)
    if target == "region_code":
        return _agrees(is_text and values.share("short") >= MOST_TEXT)
    if target == "region" and values.share("region") >= MOST_TEXT:
        return _agrees(is_text)
    if _is_no_text(values):
        return "contradict"
    return "agree" if is_text else "unclear"


def _agrees(is_so: bool) -> Verdict:  # noqa: FBT001
    return "agree" if is_so else "contradict"


def in_words(target: str, values: ColumnValues) -> str:
    """Return what the values are, with their share, or nothing."""
    kind = KINDS[target][0] if target in KINDS else TEXT_KINDS.get(target, "")
    if target in IDS:
        return "no value repeats" if values.is_unique else ""
    share = values.share(kind)
    if kind not in KIND_NAMES or share < WORTH_SAYING:
        return ""
    return f"{share:.0%} of its values are {KIND_NAMES[kind]}"


def kind_without_header(values: ColumnValues) -> tuple[str, Literal["likely", "doubtful"]] | None:
    """Return what a column with an unknown header is, if its values leave little else."""
    if values.distinct < FEW:
        return None
    for target, kind, enough, confidence in BY_VALUES:
        if values.share(kind) >= enough:
            return target, "likely" if confidence == "likely" else "doubtful"
    return None


def _is_no_text(values: ColumnValues) -> bool:
    return any(values.share(kind) >= limit for kind, limit in NO_TEXT)
