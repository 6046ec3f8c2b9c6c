"""The YAML of a proposed mapping: under a comment each, what becomes what, and why."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from orchestrator.proposal.propose import ProposedColumn
    from orchestrator.proposal.sample import FileSample

PLAIN: Final = re.compile(r"[A-Za-z_][\w -]*\w")
WORDS_OF_YAML: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
TYPED: Final = "identifiers."
LIST_TARGETS: Final = ("emails", "phones", "domains")
ORDER: Final = (
    *("given_name", "middle_name", "family_name", "name_suffix", "full_name", "company_name"),
    *(
        "legal_suffix",
        "company_domain",
        "domains",
        "job_title",
        "emails",
        "phones",
        "street",
        "city",
    ),
    *("region", "postcode", "country", "date_of_birth", "updated_at"),
)
WRITTEN: Final = {
    "ymd": "year, month, day",
    "dmy": "day, month, year",
    "mdy": "month, day, year",
}


@dataclass(frozen=True, slots=True)
class MappingNotes:
    """What the head of the file says."""

    file_name: str
    sample: FileSample
    phone_region: str | None
    date_order: str | None
    has_birth_dates: bool
    doubts: tuple[str, ...]


def mapping_text(entity: str, columns: Sequence[ProposedColumn], notes: MappingNotes) -> str:
    """Write a proposal as a mapping file."""
    by_target: dict[str, list[ProposedColumn]] = {}
    for column in columns:
        if column.target:
            by_target.setdefault(column.target, []).append(column)
    lines = [*_head(notes), f"entity: {entity}", *_of_rows(by_target), *_of_values(notes)]
    lines.append("columns:")
    for target in ORDER:
        if target in by_target:
            lines += _entry(target, by_target[target], "  ")
    typed = [target for target in by_target if target.startswith(TYPED)]
    if typed:
        lines.append("  identifiers:")
    for target in typed:
        lines += _entry(target.removeprefix(TYPED), by_target[target], "    ")
    unused = [column for column in columns if not column.target]
    if unused:
        lines += ["", "# Not used:"]
        lines += [f"#   {_shown(column.name)}: {_why(column)}" for column in unused]
    return "\n".join(lines) + "\n"


def _head(notes: MappingNotes) -> Iterator[str]:
    rows = f"{notes.sample.rows:,} rows"
    if not notes.sample.is_whole:
        rows = f"the first {rows}"
    yield f"# Proposed by `concord init` from the header and {rows} of {notes.file_name}."
    yield "# Values are masked. Look at it before you use it; docs/use/init.md says how it is made."
    if notes.sample.options.encoding != "utf-8":
        yield f"# Read with --encoding {notes.sample.options.encoding}."
    yield from (f"# Doubt: {_shown(doubt)}" for doubt in notes.doubts)


def _of_rows(by_target: dict[str, list[ProposedColumn]]) -> Iterator[str]:
    ids = by_target.get("record_id")
    if ids:
        yield f"# {_why(ids[0])}"
    yield f"record_id: {_quoted(ids[0].name) if ids else 'auto'}"
    for column in by_target.get("source_system", ()):
        yield f"# {_why(column)}"
        yield f"source_system: {_quoted(column.name)}"


def _of_values(notes: MappingNotes) -> Iterator[str]:
    if notes.phone_region:
        yield "# Numbers without a calling code look like those of this country."
        yield f"phone_region: {notes.phone_region}"
    if notes.date_order and notes.has_birth_dates:
        yield f"# Dates are written in the order {WRITTEN[notes.date_order]}."
        yield f"date_order: {notes.date_order}"


def _entry(key: str, columns: Sequence[ProposedColumn], indent: str) -> Iterator[str]:
    if len(columns) == 1 and key not in LIST_TARGETS:
        yield f"{indent}# {_why(columns[0])}"
        yield f"{indent}{key}: {_quoted(columns[0].name)}"
        return
    yield f"{indent}{key}:"
    for column in columns:
        yield f"{indent}  # {_why(column)}"
        yield f"{indent}  - {_quoted(column.name)}"


def _why(column: ProposedColumn) -> str:
    text = f"{column.confidence}: {column.reason}"
    if column.examples:
        text += f" ({', '.join(column.examples)})"
    return _shown(text)


def _quoted(name: str) -> str:
    if PLAIN.fullmatch(name) and name.isascii() and name.casefold() not in WORDS_OF_YAML:
        return name
    return json.dumps(name, ensure_ascii=not name.isprintable())


def _shown(text: str) -> str:
    """Return text for one line of a comment."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def write_new(path: Path, text: str, *, replace: bool) -> None:
    """Write a mapping; refuse to lose one that somebody has corrected."""
    try:
        with path.open("w" if replace else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(
            f"{path} is there already", "give another file to --out, or replace it with --force"
        ) from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}", "give another file to --out"
        ) from error
