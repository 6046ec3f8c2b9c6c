"""What somebody has filled into review.csv, as decisions."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

from orchestrator.decisions.current_user import current_user
from orchestrator.decisions.decision import COLUMNS, SAME, StewardDecision
from orchestrator.decisions.kept import append
from orchestrator.decisions.read_file import read_decisions, refuse
from orchestrator.errors import InputError
from orchestrator.reading.file_kind import display_name
from orchestrator.reading.file_options import FileOptions
from orchestrator.reading.fitting_encoding import fitting_encoding
from orchestrator.reading.read_file import open_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

ANSWER: Final = "decision"
NEEDED: Final = (ANSWER, "record_id_l", "record_id_r")
OPTIONAL: Final = ("source_l", "source_r")
# What people write into the column.
MEANT: Final = {
    **dict.fromkeys((SAME, "yes", "y", "1", "true", "ja", "oui", "si", "sí", "sim", "tak"), SAME),
    **dict.fromkeys(("different", "no", "n", "0", "false", "nein", "non", "nee"), "different"),
    **dict.fromkeys(("unsure", "?", "maybe"), "unsure"),
}


def read_answers(
    path: Path, table: str, sources: Sequence[str], now: datetime
) -> list[StewardDecision]:
    """Return the decisions of a review file, without their entity; rows without answer are none.

    `sources` are the source systems of the files that are resolved.
    """
    problems: list[str] = []
    found: list[StewardDecision] = []
    by = current_user()
    for place, row in _rows(path, problems):
        said = row[ANSWER].casefold()
        if not said:
            continue
        verdict = MEANT.get(said)
        if verdict is None:
            problems.append(
                f"{place}: decision '{row[ANSWER][:40]}' is not same, different or unsure"
            )
            continue
        sides = []
        for side in "lr":
            source = row.get(f"source_{side}") or (sources[0] if len(sources) == 1 else "")
            if not source:
                problems.append(f"{place}: source_{side} is empty, and there are several sources")
            sides.append(full_record_id(table, source, row[f"record_id_{side}"]))
        found.append(_decision(sides, verdict, by, now))
    refuse(path, problems)
    return found


def check_known(path: Path, answers: Sequence[StewardDecision], known: Collection[str]) -> None:
    """Refuse answers about records that nobody knows: a spreadsheet may have changed their ids."""
    refuse(
        path,
        [
            f"{one.left_id} {one.verdict} {one.right_id}: nobody knows "
            f"{' and '.join(side for side in (one.left_id, one.right_id) if side not in known)}"
            for one in answers
            if not {one.left_id, one.right_id} <= set(known)
        ],
    )


def full_record_id(table: str, source: str, own_id: str) -> str:
    """Return the record id of a row of a file, as the macro `file_record_id` makes it."""
    escaped = source.replace("%", "%25").replace(":", "%3A")
    return f"{table.replace('.', ':')}:{escaped}:{own_id}"


def load_answers(connection: Connection, decisions: Sequence[StewardDecision]) -> None:
    """Put decisions where the build reads them."""
    append(connection, [one.named() for one in decisions])


def write_answers(decisions: Sequence[StewardDecision], path: Path) -> None:
    """Write decisions for the next file: they hold there too."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(one.named().row() for one in decisions)


def read_earlier_answers(path: Path, now: datetime) -> list[StewardDecision]:
    """Return the decisions that an earlier result was made with."""
    if not path.is_file():
        return []
    return [line.decision for line in read_decisions(path, current_user(), now)]


def _decision(sides: list[str], verdict: str, by: str, now: datetime) -> StewardDecision:
    return StewardDecision(
        entity="",
        left_id=sides[0],
        right_id=sides[1],
        verdict=verdict,
        decided_by=by,
        decided_at=now,
        reason="answered in review.csv",
    )


def _rows(path: Path, problems: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    options = FileOptions(fitting_encoding(path, "utf-8"))
    with open_file(path, options) as file:
        missing = [name for name in NEEDED if name not in (file.columns or ())]
        if missing:
            raise InputError(
                f"{display_name(path)} has no column {', '.join(missing)}",
                "fill in the column `decision` of review.csv or review.xlsx, and give that file",
            )
        present = [name for name in (*NEEDED, *OPTIONAL) if name in (file.columns or ())]
        for batch in file.batches(present):
            problems += [f"{file.place} {row.line_number}: {row.reason}" for row in batch.bad]
            columns = [batch.column(name) for name in present]
            for index, number in enumerate(batch.line_numbers):
                values = (_text(column[index]) for column in columns)
                yield f"{file.place} {number}", dict(zip(present, values, strict=True))


def _text(value: Any) -> str:  # noqa: ANN401 - a cell of any format
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
