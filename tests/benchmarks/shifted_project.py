"""A copy of the dbt project whose accept threshold is moved.

A threshold that is a little too low must not make clusters grow without end.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from tests.project_copy import copy_project

if TYPE_CHECKING:
    from pathlib import Path

THRESHOLDS: Final = "seeds/matching/match_thresholds.csv"


def write_shifted_project(project: Path, folder: Path, bits: float) -> Path:
    """Copy the dbt project into the folder and add `bits` to every accept weight."""
    copy_project(folder, project)
    _shift(folder / THRESHOLDS, bits)
    return folder


def _shift(path: Path, bits: float) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [shifted_row(row, bits) for row in csv.DictReader(lines)]
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def shifted_row(row: dict[str, str], bits: float) -> dict[str, str]:
    """Move the accept weight, and what has to stay below it as far as is needed."""
    old_accept = float(row["accept_weight"])
    accept = old_accept + bits
    review, missing = float(row["review_weight"]), float(row["lowest_pair_weight"])
    moved = {
        "accept_weight": accept,
        "review_weight": min(review, accept),
        # Pairs that were never compared would else count as accepted ones.
        "lowest_pair_weight": min(missing, missing - old_accept + accept),
    }
    return row | {column: f"{value:g}" for column, value in moved.items()}
