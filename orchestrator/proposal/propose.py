"""Proposes a mapping for a file: from its first rows to the text of the mapping."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.mapping.mapping import parse_mapping
from orchestrator.proposal.candidate import Candidate, Confidence, candidate_of
from orchestrator.proposal.choice import chosen
from orchestrator.proposal.column_values import date_order, measured
from orchestrator.proposal.doubts import doubts_about
from orchestrator.proposal.header_words import meaning_of
from orchestrator.proposal.known_words import KnownWords, known_words
from orchestrator.proposal.masked import masked_value
from orchestrator.proposal.phone_region import phone_region
from orchestrator.proposal.sample import FileSample, read_sample, values_as_names
from orchestrator.proposal.write_mapping import MappingNotes, mapping_text
from orchestrator.reading.file_kind import display_name
from orchestrator.settings.values import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from orchestrator.reading.file_options import FileOptions


LONG_NUMBER: Final = re.compile(r"\d{4,}")


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """A column of the file, what it becomes (None: nothing), and three masked values."""

    name: str
    target: str | None
    confidence: Confidence
    reason: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping as it could be. `options` are those that the file can be read with.

    `phone_region` is the country of numbers without a calling code; `date_order` is ymd, dmy or
    mdy. Both are None where nothing says so. No value of the file is in here unmasked.
    """

    entity: str
    columns: tuple[ProposedColumn, ...]
    doubts: tuple[str, ...]
    options: FileOptions
    phone_region: str | None
    date_order: str | None
    rows_read: int
    text: str


def propose_mapping(path: Path, options: FileOptions) -> Proposal:
    """Look at the headers and the first 2,000 rows of a file and propose its mapping."""
    known = known_words(load_settings().project_dir)
    sample = read_sample(path, options)
    candidates = _candidates(sample, known)
    if _are_values(candidates, known):
        raise values_as_names(path)
    entity, found = chosen(candidates)
    if not any(one.target for one in found if one.target not in {"record_id", "source_system"}):
        raise InputError(
            f"no column of {display_name(path)} looks like one of people or companies",
            "write the mapping by hand; docs/use/resolve.md says how",
        )
    region = phone_region(found, known)
    births = [one.values for one in found if one.target == "date_of_birth"]
    # What the dates of birth leave open, the other dates of the file may say.
    order = date_order(births) or date_order([one.values for one in found])
    doubts = doubts_about(found, entity, sample, options, order)
    notes = MappingNotes(display_name(path), sample, region, order, bool(births), doubts)
    columns = tuple(_proposed(one) for one in found)
    text = mapping_text(entity, columns, notes)
    # What is proposed must be what is accepted.
    parse_mapping(text, "the proposed mapping")
    return Proposal(entity, columns, doubts, sample.options, region, order, sample.rows, text)


def _candidates(sample: FileSample, known: KnownWords) -> list[Candidate]:
    return [
        candidate_of(number, name, meaning_of(name), measured(values, known))
        for number, (name, values) in enumerate(zip(sample.names, sample.columns, strict=True))
    ]


def _are_values(candidates: Sequence[Candidate], known: KnownWords) -> bool:
    """Say whether the names of columns look like the values of a row: no header means anything."""
    return all(one.meaning.strength == "none" for one in candidates) and any(
        known.is_given_name(one.name) or LONG_NUMBER.fullmatch(one.name) for one in candidates
    )


def _proposed(one: Candidate) -> ProposedColumn:
    examples = tuple(masked_value(value) for value in one.values.shown)
    return ProposedColumn(one.name, one.target or None, one.confidence, one.reason, examples)
