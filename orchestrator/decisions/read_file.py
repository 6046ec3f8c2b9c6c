"""Reads a file of decisions, and says line by line what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.decisions.decision import COLUMNS, ENTITIES, VERDICTS, StewardDecision
from orchestrator.errors import InputError, did_you_mean
from orchestrator.reading.file_kind import display_name
from orchestrator.reading.file_options import FileOptions
from orchestrator.reading.read_file import open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NEEDED: Final = ("left_id", "right_id", "verdict", "reason")
MOST_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A decision, and where it stands."""

    number: int
    decision: StewardDecision


def read_decisions(path: Path, by: str, now: datetime) -> list[Line]:
    """Return the decisions of a file; nothing of it when a line is wrong.

    An empty `decided_by` or `decided_at` is who calls, and now. An empty `entity` is found out
    later, from the references.
    """
    lines: list[Line] = []
    problems: list[str] = []
    for number, values in _rows(path, problems):
        text = {name: str(values.get(name) or "").strip() for name in COLUMNS}
        wrong = row_problems(text)
        if wrong:
            problems.append(f"line {number}: {'; '.join(wrong)}")
            continue
        at = text["decided_at"]
        lines.append(
            Line(
                number,
                StewardDecision(
                    entity=text["entity"].lower(),
                    left_id=text["left_id"],
                    right_id=text["right_id"],
                    verdict=text["verdict"].lower(),
                    decided_by=text["decided_by"] or by,
                    decided_at=read_time(at) or now if at else now,
                    reason=text["reason"],
                    decision_id=text["decision_id"],
                ),
            )
        )
    refuse(path, problems)
    if not lines:
        raise InputError(f"{display_name(path)} has no decisions", "add a line per decision")
    return lines


def refuse(path: Path, problems: list[str]) -> None:
    """Raise what is wrong with a file, if anything is."""
    if not problems:
        return
    listed = "\n".join(f"  {problem}" for problem in problems[:MOST_LISTED])
    more = len(problems) - MOST_LISTED
    rest = f"\n  and {more} more" if more > 0 else ""
    raise InputError(
        f"{display_name(path)} was not taken: {len(problems)} of its lines cannot be used\n"
        f"{listed}{rest}",
        "correct these lines and give the file again; nothing was kept of it",
    )


def row_problems(text: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the values of a row."""
    found = [f"{name} is empty" for name in NEEDED if not text[name]]
    verdict, entity, at = text["verdict"].lower(), text["entity"].lower(), text["decided_at"]
    if verdict and verdict not in VERDICTS:
        known = ", ".join(VERDICTS)
        found.append(f"verdict '{verdict}' is none of {known}{did_you_mean(verdict, VERDICTS)}")
    if entity and entity not in ENTITIES:
        found.append(f"entity '{entity}' is neither person nor company")
    if text["left_id"] and text["left_id"] == text["right_id"]:
        found.append("both sides are the same")
    if at:
        time = read_time(at)
        if time is None:
            found.append(f"decided_at '{at}' is no time; write 2026-11-28 or 2026-11-28 14:05:00")
        elif time > datetime.now(UTC):
            found.append(f"decided_at {at} is in the future")
    return found


def read_time(text: str) -> datetime | None:
    """Return a time; UTC where it does not say."""
    try:
        found = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _rows(path: Path, problems: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    with open_file(path, FileOptions()) as file:
        if file.columns is not None:
            _check_columns(path, file.columns)
        for batch in file.batches(COLUMNS):
            problems += [f"line {row.line_number}: {row.reason}" for row in batch.bad]
            present = [name for name in COLUMNS if name in batch.names]
            columns = [batch.column(name) for name in present]
            for index, number in enumerate(batch.line_numbers):
                yield number, {n: c[index] for n, c in zip(present, columns, strict=True)}


def _check_columns(path: Path, columns: tuple[str, ...]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    if missing or unknown:
        parts = [f"lacks the column {name}" for name in missing]
        parts += [f"has an unknown column {name}{did_you_mean(name, COLUMNS)}" for name in unknown]
        raise InputError(
            f"{display_name(path)} {' and '.join(parts)}",
            f"give it a header with {', '.join(COLUMNS)}; the first and those of who and when "
            "may be missing",
        )
