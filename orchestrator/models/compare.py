"""Compares two builds: entities, expected quality, contradictions, and examples of both."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from orchestrator.models.examples import find_changed_pairs
from orchestrator.models.figures import read_figures
from orchestrator.models.partition import compare_partitions
from orchestrator.models.stored import ENTITIES

if TYPE_CHECKING:
    from orchestrator.models.examples import ChangedPair
    from orchestrator.models.figures import BuildFigures
    from orchestrator.models.partition import PartitionChange
    from orchestrator.models.sides import ComparedBuild, Sides


@dataclass(frozen=True, slots=True)
class EntityComparison:
    """What differs between two builds for people, or for companies."""

    change: PartitionChange
    old: BuildFigures
    new: BuildFigures
    examples: tuple[ChangedPair, ...]


@dataclass(frozen=True, slots=True)
class BuildComparison:
    """Two builds beside each other."""

    old: ComparedBuild
    new: ComparedBuild
    entities: tuple[EntityComparison, ...]
    max_id_changes: float

    @property
    def too_many(self) -> tuple[str, ...]:
        """Return the entities of which more ids would change than are allowed."""
        return tuple(
            one.change.entity
            for one in self.entities
            if one.change.changed_share > self.max_id_changes
        )


def compare_builds(sides: Sides, max_id_changes: float) -> BuildComparison:
    """Compare two builds; nothing is written."""
    return BuildComparison(
        old=sides.old,
        new=sides.new,
        entities=tuple(_compare_entity(sides, entity) for entity in ENTITIES),
        max_id_changes=max_id_changes,
    )


def _compare_entity(sides: Sides, entity: str) -> EntityComparison:
    return EntityComparison(
        change=compare_partitions(sides, entity),
        old=read_figures(sides, sides.old, entity),
        new=read_figures(sides, sides.new, entity),
        examples=find_changed_pairs(sides, entity),
    )


def document(compared: BuildComparison) -> dict[str, Any]:
    """Return a comparison for programs."""
    return {
        "old": asdict(compared.old),
        "new": asdict(compared.new),
        "max_id_changes": compared.max_id_changes,
        "is_within": not compared.too_many,
        "entities": [
            asdict(one.change)
            | {
                "changed_share": one.change.changed_share,
                "old": asdict(one.old),
                "new": asdict(one.new),
                "examples": [asdict(pair) for pair in one.examples],
            }
            for one in compared.entities
        ],
    }
