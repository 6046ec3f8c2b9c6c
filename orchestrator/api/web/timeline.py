"""What happened to an entity and what it was part of, in one order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry: when (UTC, as text), what, further words, and the id it came from or went to."""

    at: str
    what: str
    more: str
    is_interaction: bool
    came_from: str = ""
    went_to: str = ""


def timeline(entity_id: str, history: list[Row], interactions: list[Row]) -> list[Happened]:
    """Return the ledger's events of an entity and its interactions, the newest first."""
    found = [_of_ledger(entity_id, row) for row in history]
    found += [_of_interaction(row) for row in interactions]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _of_ledger(entity_id: str, row: Row) -> Happened:
    n_records = row["n_records"]
    more = [str(row["cause"]).replace("_", " ")] if row["cause"] else []
    more.append(f"{n_records} {'record' if n_records == 1 else 'records'}")
    before, after = (str(row[name] or "") for name in ("entity_id_before", "entity_id"))
    return Happened(
        str(row["happened_at"] or ""),
        str(row["event"]),
        ", ".join(more),
        is_interaction=False,
        came_from=before if before != entity_id else "",
        went_to=after if after != entity_id else "",
    )


def _of_interaction(row: Row) -> Happened:
    what = " ".join(str(row[part]) for part in ("direction", "channel") if row[part])
    more = [str(row[part]) for part in ("subject",) if row[part]]
    if row["participant_role"]:
        more.append(f"as {str(row['participant_role']).replace('_', ' ')}")
    if row["duration_seconds"]:
        more.append(f"{row['duration_seconds']} seconds")
    return Happened(str(row["occurred_at"] or ""), what, ", ".join(more), is_interaction=True)
