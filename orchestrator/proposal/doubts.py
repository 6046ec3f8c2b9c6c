"""What somebody should look at before the proposal is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.proposal.addresses import NOT_THE_FULLEST
from orchestrator.proposal.candidate import spoken
from orchestrator.proposal.entity import ABOUT_A_PERSON, names_both

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestrator.proposal.candidate import Candidate
    from orchestrator.proposal.sample import FileSample
    from orchestrator.reading.file_options import FileOptions


def doubts_about(
    found: Sequence[Candidate],
    entity: str,
    sample: FileSample,
    wanted: FileOptions,
    order: str | None,
) -> tuple[str, ...]:
    """Return a sentence for each doubt."""
    return (
        *_of_the_file(sample, wanted),
        *_of_the_rows(found, entity),
        *_of_columns(found),
        *_of_dates(found, order),
    )


def _of_the_file(sample: FileSample, wanted: FileOptions) -> Iterator[str]:
    if sample.options.encoding != wanted.encoding:
        yield (
            f"The file is not encoded in {wanted.encoding}; it was read as"
            f" {sample.options.encoding}. Look at the accents in it."
        )
    if sample.bad_rows:
        yield f"{sample.bad_rows:,} rows cannot be read; `--skip-bad-rows` leaves such rows out."


def _of_the_rows(found: Sequence[Candidate], entity: str) -> Iterator[str]:
    if entity == "person" and names_both(found):
        yield (
            "Every row names a person, and a company that no other row names: it is taken for a"
            " list of people."
        )
    if entity == "company" and any(one.reason == ABOUT_A_PERSON for one in found):
        yield "Some rows name a person: it is taken for a list of companies with contact persons."
    if not any(one.target == "record_id" for one in found):
        yield "No column tells one row from all others: the lines are numbered."
    if any(one.reason == NOT_THE_FULLEST for one in found):
        yield "There are several addresses in a row; the one that is filled most often is used."
    targets = {one.target for one in found}
    if "street" in targets and not targets & {"city", "postcode"}:
        yield "There is no column of places: do the streets hold whole addresses?"


def _of_columns(found: Sequence[Candidate]) -> Iterator[str]:
    for one in found:
        if one.confidence == "doubtful":
            becomes = f"it is taken for {spoken(one.target)}" if one.target else "it is not used"
            yield f"Column '{one.name}': {becomes}; {one.reason}."


def _of_dates(found: Sequence[Candidate], order: str | None) -> Iterator[str]:
    dates = [one for one in found if one.target == "date_of_birth"]
    if dates and order is None and any(one.values.share("date") > 0 for one in dates):
        yield "The dates do not say whether the day or the month comes first."
