"""Finds a few pairs that show how the matching decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.models.shown_fields import FIELDS
from orchestrator.report.labels import label
from orchestrator.report.model import Contribution, Example, FieldPair
from orchestrator.report.truth import truth_table
from orchestrator.report.wanted_pairs import WANTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestrator.report.matching_model import ModelLevel
    from orchestrator.report.model import Thresholds
    from orchestrator.report.tables import Tables
    from orchestrator.report.wanted_pairs import Wanted

WEIGHT_PREFIX: Final = "weight_"
# Weights that stand for no comparison.
NOT_COMPARED: Final = ("prior", "related")
# A comparison that adds less says nothing, mostly because a side is missing.
SMALLEST_WEIGHT: Final = 0.05
# Comparison -> its field, where the names differ.
FIELD_OF: Final = {"company": "company_name"}
# A longer agreed value is not put into the label of its step.
LONGEST_VALUE: Final = 16


def find_examples(
    tables: Tables,
    entity: str,
    thresholds: Thresholds,
    levels: Sequence[ModelLevel],
    *,
    has_truth: bool,
) -> tuple[Example, ...]:
    """One pair of each kind, as far as there is one; no pair is shown twice."""
    examples: list[Example] = []
    names = {(level.comparison, level.level): level.label for level in levels}
    weights = _weight_columns(tables, entity)
    for wanted in WANTED[entity]:
        found = tables.rows(
            _sql(tables, entity, wanted, thresholds.accept, weights, has_truth=has_truth)
        )
        if not found:
            continue
        row = found[0] | _levels(tables, entity, weights, found[0])
        example = _example(entity, wanted, weights, names, row)
        if all(_ids(example) != _ids(other) for other in examples):
            examples.append(example)
    return tuple(examples)


def _weight_columns(tables: Tables, entity: str) -> tuple[str, ...]:
    columns = tables.columns("matching", f"{entity}_pairs")
    return tuple(column for column in columns if column.startswith(WEIGHT_PREFIX))


def _sql(
    tables: Tables,
    entity: str,
    wanted: Wanted,
    accept: float,
    weights: tuple[str, ...],
    *,
    has_truth: bool,
) -> str:
    records = tables.layer("standardized", f"int_{entity}_records")
    clusters = tables.layer("matching", f"{entity}_clusters")
    fields = [f"{side}.{name} as {side}_{name}" for name in FIELDS[entity] for side in "lr"]
    columns = [f"pairs.{weight}" for weight in weights] + fields
    truth_column, truth_joins = "cast(null as bool)", ""
    if has_truth:
        truth = tables.layer("demo", truth_table(entity))
        truth_column = "truth_l.entity_id = truth_r.entity_id"
        truth_joins = f"""
        left join {truth} as truth_l on pairs.record_id_l = truth_l.record_id
        left join {truth} as truth_r on pairs.record_id_r = truth_r.record_id"""
    return f"""
        select
            pairs.record_id_l,
            pairs.record_id_r,
            pairs.record_key_l,
            pairs.record_key_r,
            pairs.match_weight,
            pairs.match_probability,
            clusters_l.cluster_id = clusters_r.cluster_id as is_joined,
            {truth_column} as is_same_in_truth,
            {", ".join(columns)},
        from {tables.layer("matching", f"{entity}_pairs")} as pairs
        inner join {records} as l on pairs.record_id_l = l.record_id
        inner join {records} as r on pairs.record_id_r = r.record_id
        inner join {clusters} as clusters_l on pairs.record_id_l = clusters_l.record_id
        inner join {clusters} as clusters_r on pairs.record_id_r = clusters_r.record_id{truth_joins}
        where pairs.rule_mask != 0 and {wanted.condition.format(accept=accept)}
        order by {wanted.order.format(accept=accept)}, pairs.record_id_l, pairs.record_id_r
        limit 1
    """


def _levels(
    tables: Tables, entity: str, weights: tuple[str, ...], pair: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the levels of one pair.

    By its keys alone: a night keeps no levels, and all of them would be compared again.
    """
    compared = (_comparison(weight) for weight in weights)
    levels = ", ".join(f"{name}_level" for name in compared if name not in NOT_COMPARED)
    found = tables.rows(f"""
        select {levels}
        from {tables.layer("matching", f"int_{entity}_compared_pairs")}
        where record_key_l = {pair["record_key_l"]:d} and record_key_r = {pair["record_key_r"]:d}
    """)
    return found[0] if found else {}


def _example(
    entity: str,
    wanted: Wanted,
    weights: tuple[str, ...],
    names: Mapping[tuple[str, int], str],
    row: dict[str, Any],
) -> Example:
    fields = [
        FieldPair(label(name), _text(row[f"l_{name}"]), _text(row[f"r_{name}"]))
        for name in FIELDS[entity]
    ]
    comparisons = [_comparison(weight) for weight in weights]
    parts = [
        Contribution(label(name), float(row[WEIGHT_PREFIX + name] or 0), _reached(name, names, row))
        for name in comparisons
    ]
    return Example(
        title=wanted.title,
        why=wanted.why,
        left_id=row["record_id_l"],
        right_id=row["record_id_r"],
        fields=tuple(field for field in fields if field.left or field.right),
        contributions=tuple(part for part in parts if abs(part.weight) >= SMALLEST_WEIGHT),
        weight=float(row["match_weight"]),
        probability=float(row["match_probability"]),
        is_joined=bool(row["is_joined"]),
        is_same_in_truth=row["is_same_in_truth"],
    )


def _ids(example: Example) -> tuple[str, str]:
    return example.left_id, example.right_id


def _comparison(weight: str) -> str:
    return weight.removeprefix(WEIGHT_PREFIX)


def _reached(name: str, names: Mapping[tuple[str, int], str], row: dict[str, Any]) -> str:
    """The level that a comparison reached, with the agreed value if it is short."""
    level = names.get((name, row.get(f"{name}_level", -1)), "")
    field = FIELD_OF.get(name, name)
    value = _text(row.get(f"l_{field}"))
    is_agreed = value == _text(row.get(f"r_{field}")) and 0 < len(value) <= LONGEST_VALUE
    return f"{level}, {value}" if level and is_agreed else level


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)
