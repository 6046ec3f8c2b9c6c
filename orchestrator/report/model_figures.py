"""Collects what the report says about the model: weights, cuts at each threshold, blocking."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from orchestrator.report.labels import label
from orchestrator.report.matching_model import Curve, Cut, ModelLevel, ModelReport, RuleYield
from orchestrator.report.truth import truth_table

if TYPE_CHECKING:
    from orchestrator.report.model import Thresholds
    from orchestrator.report.tables import Tables

# Cuts are this far apart, counted from the threshold in use, so that it is one of them.
CUTS_PER_BIT: Final = 4
# Pairs further away than this many bits are counted in the outermost cuts.
FARTHEST_CUT: Final = 40
WEIGHT_PREFIX: Final = "weight_"


def collect_model(
    tables: Tables, entity: str, thresholds: Thresholds, *, has_truth: bool
) -> ModelReport:
    """Everything the report says about the model of an entity."""
    rows = _parameter_rows(tables, entity)
    return ModelReport(
        levels=_levels(rows, _comparisons(tables, entity)),
        rounds=max((int(row["n_rounds"]) for row in rows), default=0),
        curve=_curve(tables, entity, thresholds.accept) if has_truth else None,
        rules=_rules(tables, entity),
    )


def _comparisons(tables: Tables, entity: str) -> tuple[str, ...]:
    """Return the comparisons in reading order, the prior first: the order of the waterfall."""
    columns = tables.columns("matching", f"{entity}_pairs")
    return tuple(
        column.removeprefix(WEIGHT_PREFIX) for column in columns if column.startswith(WEIGHT_PREFIX)
    )


def _parameter_rows(tables: Tables, entity: str) -> list[dict[str, Any]]:
    return tables.rows(f"""
        select
            parameters.comparison,
            parameters.level,
            parameters.label,
            parameters.m_probability,
            parameters.u_probability,
            parameters.match_weight,
            parameters.n_rounds,
            log(defaults.m_probability / defaults.u_probability, 2) as default_weight,
        from {tables.layer("matching", f"{entity}_match_parameters")} as parameters
        left join {tables.layer("seeds", "default_match_parameters")} as defaults
            on
                defaults.entity = '{entity}'
                and parameters.comparison = defaults.comparison
                and parameters.level = defaults.level
    """)


def _levels(rows: list[dict[str, Any]], comparisons: tuple[str, ...]) -> tuple[ModelLevel, ...]:
    """In reading order, the closest level of a comparison first."""
    known = [row for row in rows if row["comparison"] in comparisons]
    known.sort(key=lambda row: (comparisons.index(row["comparison"]), -row["level"]))
    return tuple(
        ModelLevel(
            comparison=row["comparison"],
            level=row["level"],
            label=row["label"],
            m=float(row["m_probability"]),
            u=float(row["u_probability"]),
            weight=float(row["match_weight"]),
            default_weight=row["default_weight"],
        )
        for row in known
    )


def _curve(tables: Tables, entity: str, accept: float) -> Curve:
    truth = tables.layer("demo", truth_table(entity))
    last = FARTHEST_CUT * CUTS_PER_BIT
    step = f"least((pairs.match_weight - {accept}) * {CUTS_PER_BIT}, {last})"
    steps = tables.rows(f"""
        select
            cast(floor(greatest({step}, -{last})) as int64) as step,
            count(*) as pair_count,
            countif(l.entity_id = r.entity_id) as right_count,
        from {tables.layer("matching", f"{entity}_pairs")} as pairs
        inner join {truth} as l on pairs.record_id_l = l.record_id
        inner join {truth} as r on pairs.record_id_r = r.record_id
        group by step
    """)
    true = tables.row(f"""
        select cast(coalesce(sum(div(size * (size - 1), 2)), 0) as int64) as true_count
        from (select count(*) as size from {truth} group by entity_id)
    """)["true_count"]
    return curve_of(
        {row["step"]: (row["pair_count"], row["right_count"]) for row in steps}, accept, true
    )


def curve_of(steps: dict[int, tuple[int, int]], accept: float, true: int) -> Curve:
    """Add up (pairs, right pairs) from the highest step down.

    A step is a quarter of a bit, counted from the threshold in use, which is step 0.
    """
    lowest, highest = min((0, *steps)), max((0, *steps))
    numbers = range(highest, lowest - 1, -1)
    counts = (steps.get(number, (0, 0)) for number in numbers)
    sums = accumulate(counts, lambda total, count: (total[0] + count[0], total[1] + count[1]))
    cuts = tuple(
        Cut(accept + number / CUTS_PER_BIT, accepted, right, true)
        for number, (accepted, right) in zip(numbers, sums, strict=True)
    )
    return Curve(cuts=cuts, chosen=cuts[highest], found=cuts[-1].right)


def _rules(tables: Tables, entity: str) -> tuple[RuleYield, ...]:
    """Return the yield of each rule; none when its model has not been built."""
    model = f"int_{entity}_blocking_yield"
    if not tables.has("marts", model):
        return ()
    rows = tables.rows(f"select * from {tables.layer('marts', model)} order by rule_bit")
    return tuple(
        RuleYield(
            rule=label(row["rule"]),
            pairs=row["n_pairs"],
            new_pairs=row["n_new_pairs"],
            accepted_pairs=row["n_accepted_pairs"],
            only_accepted_pairs=row["n_only_accepted_pairs"],
            largest_block=row["largest_block_records"],
            oversized_keys=row["n_oversized_keys"],
            left_out_keys=row["n_left_out_keys"],
            left_out_records=row["n_left_out_records"],
            lost_pairs=row["n_lost_pairs"],
        )
        for row in rows
    )
