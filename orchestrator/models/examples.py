"""Pairs of records that two builds decide differently, with the waterfalls of both.

Ten of each entity at most, from every kind of change; which ones is a matter of a hash, so that the
same two builds show the same pairs. Values are masked: the text goes into logs and pull requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from orchestrator.models.partition import KINDS, kinds_sql
from orchestrator.models.shown_fields import FIELDS
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orchestrator.models.sides import ComparedBuild, Sides

MOST: Final = 10
WEIGHT: Final = "weight_"
# A comparison that adds less says nothing.
LEAST_WEIGHT: Final = 0.05
SAME: Final = "the same"
Example = TypeVar("Example")


@dataclass(frozen=True, slots=True)
class ChangedPair:
    """A pair that one build joined and the other did not; weights are (old, new), in bits."""

    kind: str
    left_id: str
    right_id: str
    match_weight: tuple[float | None, float | None]
    weights: dict[str, tuple[float | None, float | None]]
    values: dict[str, tuple[str, str]]


def find_changed_pairs(sides: Sides, entity: str) -> tuple[ChangedPair, ...]:
    """Return the examples of an entity."""
    found = {
        kind: [_example(kind, entity, dict(row)) for row in _rows(sides, entity, kind)]
        for kind in KINDS
    }
    return tuple(stratified(found, MOST))


def stratified(found: Mapping[str, Sequence[Example]], most: int) -> Iterable[Example]:
    """Take of each kind in turn, until there are enough or none is left."""
    taken = dict.fromkeys(found, 0)
    for turn in range(most):
        for kind, examples in found.items():
            if turn < len(examples) and sum(taken.values()) < most:
                taken[kind] += 1
    return [one for kind, examples in found.items() for one in examples[: taken[kind]]]


def side_by_side(left: object, right: object) -> tuple[str, str]:
    """Return two values of which only the first letters are left, and whether they agree."""
    if left and left == right:
        return mask(left), SAME
    return mask(left), mask(right)


def mask(value: object) -> str:
    """Keep the first letter of a value, or of each of several."""
    if isinstance(value, (list, tuple)):
        return ", ".join(mask(one) for one in value)
    return f"{str(value)[0]}***" if value else ""


def _rows(sides: Sides, entity: str, kind: str) -> Iterable[Any]:
    return sides.connection.query(examples_sql(sides, entity, kind))


def examples_sql(sides: Sides, entity: str, kind: str) -> str:
    """Return the statement that finds pairs of a kind; the build that joined them tells which.

    One pair of an entity, the one that says most for joining it.
    """
    is_split = kind == "split"
    joined, apart = (sides.old, sides.new) if is_split else (sides.new, sides.old)
    together, other = ("old", "new") if is_split else ("new", "old")
    weights = {
        name: _weights(sides, side, entity) for name, side in (("joined", joined), ("apart", apart))
    }
    both = [column for column in weights["joined"] if column in weights["apart"]]
    columns = [f"{name}.{column} as {name}_{column}" for name in weights for column in both]
    columns += [
        f"{side}_record.{field} as {side}_{field}" for field in FIELDS[entity] for side in "lr"
    ]
    records = sides.table(joined, "standardized", f"int_{entity}_records")
    clusters = {
        "old": sides.table(sides.old, "matching", f"{entity}_clusters"),
        "new": sides.table(sides.new, "matching", f"{entity}_clusters"),
    }
    return f"""
        with {kinds_sql(sides, entity)}
        select
            joined.record_id_l,
            joined.record_id_r,
            {", ".join(columns)},
        from {sides.table(joined, "matching", f"{entity}_pairs")} as joined
        inner join {clusters["old"]} as old_l on joined.record_id_l = old_l.record_id
        inner join {clusters["old"]} as old_r on joined.record_id_r = old_r.record_id
        inner join {clusters["new"]} as new_l on joined.record_id_l = new_l.record_id
        inner join {clusters["new"]} as new_r on joined.record_id_r = new_r.record_id
        inner join kinds
            on old_l.cluster_id = kinds.old_id and new_l.cluster_id = kinds.new_id
        inner join {records} as l_record on joined.record_id_l = l_record.record_id
        inner join {records} as r_record on joined.record_id_r = r_record.record_id
        left join {sides.table(apart, "matching", f"{entity}_pairs")} as apart
            on
                joined.record_id_l = apart.record_id_l
                and joined.record_id_r = apart.record_id_r
        where
            kinds.kind = '{kind}'
            and {together}_l.cluster_id = {together}_r.cluster_id
            and {other}_l.cluster_id != {other}_r.cluster_id
        qualify row_number() over (
            partition by {together}_l.cluster_id
            order by joined.match_weight desc, joined.record_id_l, joined.record_id_r
        ) = 1
        order by farm_fingerprint({together}_l.cluster_id)
        limit {MOST}
    """


def _weights(sides: Sides, side: ComparedBuild, entity: str) -> tuple[str, ...]:
    columns = sides.columns(side, "matching", f"{entity}_pairs")
    return tuple(
        column for column in columns if column == "match_weight" or column.startswith(WEIGHT)
    )


def _example(kind: str, entity: str, row: dict[str, Any]) -> ChangedPair:
    sides = ("joined", "apart") if kind == "split" else ("apart", "joined")
    names = [name.removeprefix("joined_") for name in row if name.startswith("joined_")]
    pairs = {name: _pair(row, sides, name) for name in names}
    return ChangedPair(
        kind=kind,
        # Ids of mailboxes and calls are made of addresses and numbers.
        left_id=redact(row["record_id_l"]),
        right_id=redact(row["record_id_r"]),
        match_weight=pairs.pop("match_weight"),
        weights={
            name.removeprefix(WEIGHT): pair for name, pair in pairs.items() if _says_something(pair)
        },
        values={
            field: values
            for field in FIELDS[entity]
            if any(values := side_by_side(row[f"l_{field}"], row[f"r_{field}"]))
        },
    )


def _pair(
    row: dict[str, Any], sides: Sequence[str], name: str
) -> tuple[float | None, float | None]:
    old, new = (row[f"{side}_{name}"] for side in sides)
    return old, new


def _says_something(pair: tuple[float | None, float | None]) -> bool:
    return any(abs(weight or 0) >= LEAST_WEIGHT for weight in pair)
