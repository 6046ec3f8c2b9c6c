"""What the matching model says, in bits: of one pair of records, and of each level it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row, Snapshot


def pair_steps(snapshot: Snapshot, first: str, second: str) -> list[Row]:
    """Return the waterfall of a pair, whichever stands first; nothing where it is not explained."""
    return snapshot.table(
        "match_explanations",
        "where record_id_l = ? and record_id_r = ? order by step",
        *sorted((first, second)),
    )


def model_levels(snapshot: Snapshot, entity: str) -> list[Row]:
    """Return the levels of all comparisons of the newest model of an entity."""
    return snapshot.table(
        "match_model_parameters",
        "where entity = ?1 and model_version = (select model_version from match_model_parameters"
        " where entity = ?1 order by trained_at desc limit 1) order by comparison, level",
        entity,
    )
