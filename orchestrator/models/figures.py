"""What both models expect of their own results, and how often an entity contradicts itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestrator.models.sides import ComparedBuild, Sides

# Comparisons that seldom err: one that speaks against a pair inside an entity is a contradiction.
CONTRADICTING: Final = {
    "person": ("identifier", "date_of_birth", "name_suffix"),
    "company": ("identifier",),
}


@dataclass(frozen=True, slots=True)
class BuildFigures:
    """Figures of one build; a rate is a share of the compared pairs inside entities."""

    entities: int
    expected_precision: float | None
    expected_recall: float | None
    expected_f1: float | None
    conflict_rates: dict[str, float | None]


def read_figures(sides: Sides, side: ComparedBuild, entity: str) -> BuildFigures:
    """Return the figures of an entity in one of the builds."""
    clusters = sides.table(side, "matching", f"{entity}_clusters")
    pairs = sides.table(side, "matching", f"{entity}_pairs")
    columns = sides.columns(side, "matching", f"{entity}_pairs")
    known = [name for name in CONTRADICTING[entity] if f"weight_{name}" in columns]
    rates = ", ".join(
        f"safe_divide(countif(weight_{name} < 0), countif(weight_{name} != 0)) as {name}"
        for name in known
    )
    (quality,) = sides.connection.query(f"""
        select
            quality.expected_precision,
            quality.expected_recall,
            quality.expected_f1,
            (select count(distinct cluster_id) from {clusters}) as entities,
        from {sides.table(side, "matching", f"int_{entity}_expected_quality")} as quality
    """)
    (conflicts,) = sides.connection.query(f"""
        select {rates or "count(*) as n_pairs"}
        from {pairs} as pairs
        inner join {clusters} as l on pairs.record_id_l = l.record_id
        inner join {clusters} as r on pairs.record_id_r = r.record_id
        where l.cluster_id = r.cluster_id
    """)
    return BuildFigures(
        entities=int(quality["entities"]),
        expected_precision=quality["expected_precision"],
        expected_recall=quality["expected_recall"],
        expected_f1=quality["expected_f1"],
        conflict_rates={name: conflicts[name] for name in known},
    )
