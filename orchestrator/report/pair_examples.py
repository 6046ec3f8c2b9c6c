"""Finds a few pairs that show how the matching decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.report.model import Contribution, Example, FieldPair
from orchestrator.report.truth import truth_table

if TYPE_CHECKING:
    from orchestrator.report.model import Thresholds
    from orchestrator.report.tables import Tables

WEIGHT_PREFIX: Final = "weight_"
# A comparison that adds less says nothing, mostly because a side is missing.
SMALLEST_WEIGHT: Final = 0.05
FIELDS: Final = {
    "person": (
        *("given_name", "family_name", "name_suffix", "emails", "phones", "company_name"),
        *("job_title", "street", "city", "postcode", "date_of_birth"),
    ),
    "company": ("company_name", "domains", "phones", "street", "city", "postcode"),
}
LABELS: Final = {
    "prior": "Starting point",
    "email": "E-mail",
    "emails": "E-mails",
    "company_name": "Company",
    "name_suffix": "Suffix",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of pair; `condition` and `order` are SQL over pairs, l and r with {accept} put in."""

    title: str
    why: str
    condition: str
    order: str


NEAR = Wanted(
    title="Close to the threshold",
    why="Little more or little less evidence would have turned the decision on this pair.",
    condition="true",
    order="abs(pairs.match_weight - {accept})",
)
WANTED: Final = {
    "person": (
        Wanted(
            title="A clear match",
            why="Two systems write the name differently; what else they know outweighs it.",
            condition="""l.source_system != r.source_system and l.given_name != r.given_name
            and l.family_name = r.family_name and pairs.match_weight >= {accept} + 8""",
            order="pairs.match_weight desc",
        ),
        NEAR,
        Wanted(
            title="One household, two people",
            why="Same family name and address, but another given name.",
            condition="""l.family_name = r.family_name and l.street = r.street
            and l.city = r.city and clusters_l.cluster_id != clusters_r.cluster_id
            and substr(l.given_name, 1, 1) != substr(r.given_name, 1, 1)""",
            order="pairs.match_weight desc",
        ),
    ),
    "company": (
        Wanted(
            title="A clear match",
            why="The name is written in two ways; what else is known outweighs it.",
            condition="""l.company_name != r.company_name
            and pairs.match_weight >= {accept} + 5""",
            order="pairs.match_weight desc",
        ),
        NEAR,
        Wanted(
            title="Same name, two companies",
            why="The names agree, and nearly nothing else does.",
            condition="""l.company_name = r.company_name
            and clusters_l.cluster_id != clusters_r.cluster_id""",
            order="pairs.match_weight desc",
        ),
    ),
}


def find_examples(
    tables: Tables, entity: str, thresholds: Thresholds, *, has_truth: bool
) -> tuple[Example, ...]:
    """One pair of each kind, as far as there is one; no pair is shown twice."""
    examples: list[Example] = []
    weights = _weight_columns(tables, entity)
    for wanted in WANTED[entity]:
        found = tables.rows(
            _sql(tables, entity, wanted, thresholds.accept, weights, has_truth=has_truth)
        )
        example = _example(entity, wanted, weights, found[0]) if found else None
        if example and all(_ids(example) != _ids(other) for other in examples):
            examples.append(example)
    return tuple(examples)


def _weight_columns(tables: Tables, entity: str) -> tuple[str, ...]:
    columns = tables.columns("matching", f"int_{entity}_scored_pairs")
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
    clusters = tables.layer("matching", f"int_{entity}_clusters")
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
            pairs.match_weight,
            pairs.match_probability,
            clusters_l.cluster_id = clusters_r.cluster_id as is_joined,
            {truth_column} as is_same_in_truth,
            {", ".join(columns)},
        from {tables.layer("matching", f"int_{entity}_scored_pairs")} as pairs
        inner join {records} as l on pairs.record_id_l = l.record_id
        inner join {records} as r on pairs.record_id_r = r.record_id
        inner join {clusters} as clusters_l on pairs.record_id_l = clusters_l.record_id
        inner join {clusters} as clusters_r on pairs.record_id_r = clusters_r.record_id{truth_joins}
        where {wanted.condition.format(accept=accept)}
        order by {wanted.order.format(accept=accept)}, pairs.record_id_l, pairs.record_id_r
        limit 1
    """


def _example(entity: str, wanted: Wanted, weights: tuple[str, ...], row: dict[str, Any]) -> Example:
    fields = [
        FieldPair(_label(name), _text(row[f"l_{name}"]), _text(row[f"r_{name}"]))
        for name in FIELDS[entity]
    ]
    parts = [
        Contribution(_label(column.removeprefix(WEIGHT_PREFIX)), float(row[column] or 0))
        for column in weights
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


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").capitalize())


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)
