"""Whether a file lists people or companies, and what a bare `Name` or `Title` is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.proposal.candidate import Candidate

PEOPLE_TARGETS: Final = ("given_name", "family_name", "full_name")
ONLY_OF_PEOPLE: Final = frozenset(
    {"given_name", "middle_name", "family_name", "family_particle", "name_suffix", "full_name"}
    | {"contact_name", "job_title", "date_of_birth"}
)
ABOUT_A_PERSON: Final = "it is about a person, and this is a list of companies"
MOSTLY: Final = 0.5
NEARLY_ALL: Final = 0.9
MANY: Final = 0.75
SOME: Final = 0.2
FEW_ROLES: Final = 2
FEW_TITLES: Final = 3
ENOUGH_ROWS: Final = 10


def with_names(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Say what the columns are that are called nothing but `Name` or `Title`."""
    parts = {one.target for one in candidates if one.target in PEOPLE_TARGETS}
    has_given = "given_name" in parts
    # Beside initials or particles, a bare name is a family name.
    if any(one.target in {"initials", "family_particle"} for one in candidates):
        parts |= {"given_name"} if "family_name" not in parts else set()
    has_company = any(one.target == "company_name" for one in candidates)
    found = []
    for one in candidates:
        if one.target == "name":
            found.append(_name(one, parts, has_company=has_company))
        elif one.target == "contact_name" and one.values.share("company") >= MOSTLY:
            found.append(one.becomes("company_name", "likely", "names with a legal form"))
        elif one.target == "initials":
            found.append(
                one.left_out("likely", "the given names are in another column")
                if has_given
                else one.becomes("given_name", "likely")
            )
        elif one.target == "title":
            found.append(_title(one))
        else:
            found.append(one)
    return found


def entity_of(candidates: Sequence[Candidate]) -> str:
    """Return person or company, by which of them the rows name."""
    people = [
        one
        for one in candidates
        if one.target in PEOPLE_TARGETS
        and one.confidence != "doubtful"
        and "contact_person" not in one.meaning.places
    ]
    named = max((one.values.filled for one in people), default=0.0)
    companies = [one.values.filled for one in candidates if one.target == "company_name"]
    if not companies:
        return "person"
    # A list of companies may name a contact person here and there.
    return "company" if named < (MANY if max(companies) >= NEARLY_ALL else MOSTLY) else "person"


def names_both(candidates: Sequence[Candidate]) -> bool:
    """Say whether nearly every row names a company of its own, and a person."""
    return any(
        one.target == "company_name"
        and one.values.filled >= NEARLY_ALL
        and one.values.distinct >= NEARLY_ALL * len(one.values.values)
        for one in candidates
    )


def for_entity(one: Candidate, entity: str, *, has_full_name: bool) -> Candidate:
    """Give a column the target that it has in a list of this entity."""
    target = one.target
    if entity == "company" and target in ONLY_OF_PEOPLE:
        return one.left_out("likely", ABOUT_A_PERSON)
    if entity == "person":
        if target == "contact_name":
            if has_full_name:
                return one.left_out("likely", "the full name is in another column")
            return one.becomes("full_name", "likely")
        if target == "legal_suffix":
            return one.left_out("likely", "the legal form of an employer is not compared")
        is_of_company = "company" in one.meaning.places
        if target in {"phones", "emails"} and is_of_company:
            return one.left_out("likely", "it is the company's, not the person's")
    if target == "website":
        return _website(one, entity)
    if target == "job_title":
        return _job_title(one)
    return one


def _job_title(one: Candidate) -> Candidate:
    is_varied = one.values.distinct > FEW_TITLES or one.values.rows < ENOUGH_ROWS
    return one if is_varied else one.becomes("job_title", "likely", "only a few different titles")


def _website(one: Candidate, entity: str) -> Candidate:
    if one.values.share("shared_web") >= MOSTLY:
        return one.left_out("likely", "pages on a site that many share")
    return one.becomes("domains" if entity == "company" else "company_domain", one.confidence)


def _name(one: Candidate, parts: set[str], *, has_company: bool) -> Candidate:
    values = one.values
    company, full = values.share("company"), max(values.share("full"), values.share("given"))
    if "company" in one.meaning.places:
        return one.becomes("company_name", "sure", "the header says name of a company")
    if company >= SOME and company > full:
        reason = f"{company:.0%} of the names have a legal form"
        return one.becomes("company_name", "likely" if company < MOSTLY else "sure", reason)
    if {"given_name", "family_name"} <= parts:
        if values.share("words") >= MOSTLY:
            return one.becomes("full_name", "sure", "names of several words, beside their parts")
        return one.left_out("doubtful", "given and family names are in other columns")
    if "given_name" in parts:
        return one.becomes("family_name", "sure", "a name beside a column of given names")
    if "family_name" in parts:
        return one.becomes("given_name", "sure", "a name beside a column of family names")
    if full >= MOSTLY:
        return one.becomes("full_name", "sure", f"{full:.0%} are known names of people")
    if full >= SOME or has_company:
        return one.becomes("full_name", "likely", "names, and not of companies")
    return one.becomes(
        "full_name", "doubtful", "names of people or of companies: their words do not say which"
    )


def _title(one: Candidate) -> Candidate:
    values = one.values
    if values.share("company") >= MOSTLY:
        return one.becomes("company_name", "likely", "names with a legal form")
    if values.share("title") >= SOME or values.share("text") < MOSTLY:
        return one.left_out("likely", "a form of address")
    if values.distinct <= FEW_ROLES and values.rows >= ENOUGH_ROWS:
        return one.left_out("doubtful", "hardly any different values: a kind, not a job title")
    return one.becomes("job_title", "likely", "a title that is no form of address")
