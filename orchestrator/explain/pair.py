"""Two records side by side: what the matching knows of them, read from the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.explain.find import Meant
    from orchestrator.explain.statements import Statements

# Entity -> the analysis of its waterfall; those of facts and keys begin with its name.
PAIR_OF: Final = {"person": "explain_pair", "company": "explain_company_pair"}


@dataclass(frozen=True, slots=True)
class Part:
    """One step of the waterfall of the pair."""

    comparison: str
    level: int | None
    label: str
    value_l: str | None
    value_r: str | None
    weight: float


@dataclass(frozen=True, slots=True)
class Key:
    """One blocking key of one or both records."""

    rule: str
    key: str
    has_left: bool
    has_right: bool
    left_refinement: str | None
    right_refinement: str | None
    n_records: int
    max_records: int
    is_oversized: bool
    is_shared_block: bool

    @property
    def is_common(self) -> bool:
        """Say whether both have it."""
        return self.has_left and self.has_right


@dataclass(frozen=True, slots=True)
class Constraint:
    """A decision or a conflict that is about both: `same` binds them, others keep them apart."""

    constraint_name: str
    left_values: str | None
    right_values: str | None
    verdict: str | None
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None

    @property
    def is_bond(self) -> bool:
        """Say whether it holds the two together."""
        return self.constraint_name == "same"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records, and where it is."""

    record_id: str
    distinct_record_id: str
    cluster_id: str
    entity_id: str
    n_records: int
    exclusive_source: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The pair that explains two references. `mean_weight` is None where no edge joins them."""

    entity: str
    left: Side
    right: Side
    match_weight: float
    is_scored: bool
    accept_weight: float
    mean_weight: float | None
    n_hard_links: int
    shared_exclusive_sources: str | None
    waterfall: tuple[Part, ...]
    keys: tuple[Key, ...]
    constraints: tuple[Constraint, ...] = ()

    @property
    def is_joined(self) -> bool:
        """Say whether both are one entity."""
        return self.left.entity_id == self.right.entity_id

    @property
    def is_copy(self) -> bool:
        """Say whether both records say the same."""
        return self.left.distinct_record_id == self.right.distinct_record_id


def read_pair(statements: Statements, left: Meant, right: Meant) -> Pair:
    """Return all that is known of two records, or of the strongest pair of two entities."""
    analysis = PAIR_OF[left.entity]
    sides = {"left": left.id, "right": right.id}
    facts = statements.rows(f"{analysis}_facts", **sides)
    if not facts:
        raise InputError(
            f"'{left.reference}' and '{right.reference}' are no two records of the last build",
            "build the matching and the marts: 'concord run'",
        )
    waterfall = statements.rows(analysis, **sides)
    keys = statements.rows(f"{analysis}_keys", **sides)
    constraints = statements.rows(f"{analysis}_constraints", **sides)
    (row,) = facts
    return Pair(
        entity=left.entity,
        left=_side(row, "left"),
        right=_side(row, "right"),
        match_weight=float(waterfall[0]["match_weight"]),
        is_scored=row["scored_weight"] is not None,
        accept_weight=float(row["accept_weight"]),
        mean_weight=row["mean_weight"],
        n_hard_links=row["n_hard_links"],
        shared_exclusive_sources=row["shared_exclusive_sources"],
        waterfall=tuple(_part(one, row["left_distinct_record_id"]) for one in waterfall),
        keys=tuple(Key(**one) for one in keys),
        constraints=tuple(Constraint(**one) for one in constraints),
    )


def _side(row: dict[str, Any], side: str) -> Side:
    names = ("record_id", "distinct_record_id", "cluster_id", "entity_id")
    return Side(
        **{name: row[f"{side}_{name}"] for name in names},
        n_records=row[f"{side}_n_records"],
        exclusive_source=row[f"{side}_exclusive_source"],
    )


def _part(row: dict[str, Any], left_id: str) -> Part:
    """The statement orders the sides by id; people want them as they asked."""
    values = (row["value_l"], row["value_r"])
    if row["record_id_l"] != left_id:
        values = (values[1], values[0])
    return Part(row["comparison"], row["level"], row["label"], *values, weight=row["weight"])
