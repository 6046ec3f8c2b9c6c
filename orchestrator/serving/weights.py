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


def model_versions(snapshot: Snapshot, entity: str) -> list[Row]:
    """Return the versions of an entity's model with their time of training, the newest first."""
    return snapshot.rows(
        "select model_version, max(trained_at) as trained_at from match_model_parameters"
        " where entity = ? group by model_version order by trained_at desc, model_version",
        entity,
    )


def model_levels(snapshot: Snapshot, entity: str, version: str) -> list[Row]:
    """Return the levels of all comparisons of one version of an entity's model."""
    return snapshot.table(
        "match_model_parameters",
        "where entity = ? and model_version = ? order by comparison, level",
        entity,
        version,
    )
