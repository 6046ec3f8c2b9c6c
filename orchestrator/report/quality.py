"""Compares entities with the truth: pairwise and B-cubed precision and recall."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from orchestrator.report.model import Quality, Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def measure(assignments: Sequence[tuple[str, str]]) -> Quality | None:
    """Score (cluster, true entity) of every record; None without records.

    Pairwise counts pairs, so large entities count more. B-cubed counts every record once.
    """
    if not assignments:
        return None
    cells = Counter(assignments)
    clusters = Counter(cluster for cluster, _ in assignments)
    entities = Counter(entity for _, entity in assignments)
    right, found, true = (_pairs(sizes.values()) for sizes in (cells, clusters, entities))
    count = len(assignments)
    return Quality(
        records=count,
        true_entities=len(entities),
        found_entities=len(clusters),
        wrong_pairs=found - right,
        missed_pairs=true - right,
        pairwise=Score(_ratio(right, found), _ratio(right, true)),
        b_cubed=Score(
            sum(n * n / clusters[cluster] for (cluster, _), n in cells.items()) / count,
            sum(n * n / entities[entity] for (_, entity), n in cells.items()) / count,
        ),
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _ratio(part: int, whole: int) -> float:
    """No pair asked for and none found is a perfect answer."""
    return part / whole if whole else 1.0
