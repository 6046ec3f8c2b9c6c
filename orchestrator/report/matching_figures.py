"""Collects how records became entities: flow, sizes of clusters, match weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.report.model import ClusterSize, EntityReport, Flow, Thresholds, WeightBin
from orchestrator.report.model_figures import collect_model
from orchestrator.report.pair_examples import find_examples
from orchestrator.report.truth import compare_with_truth, truth_table

if TYPE_CHECKING:
    from orchestrator.report.tables import Tables

PLURALS: Final = {"person": "people", "company": "companies"}
BIN_WIDTH: Final = 2
# Weights beyond these are drawn in the outermost bins.
LOWEST_BIN: Final = -40
HIGHEST_BIN: Final = 48


def collect_entity(tables: Tables, entity: str, *, has_truth: bool) -> EntityReport:
    """Everything the report says about one kind of entity."""
    thresholds = _thresholds(tables, entity)
    sizes = _cluster_sizes(tables, entity)
    model = collect_model(tables, entity, thresholds, has_truth=has_truth)
    return EntityReport(
        singular=entity,
        plural=PLURALS[entity],
        flow=_flow(tables, entity, thresholds, sizes),
        cluster_sizes=sizes,
        weights=_weight_bins(tables, entity, has_truth=has_truth),
        thresholds=thresholds,
        examples=find_examples(tables, entity, thresholds, model.levels, has_truth=has_truth),
        quality=compare_with_truth(tables, entity) if has_truth else None,
        model=model,
    )


def _thresholds(tables: Tables, entity: str) -> Thresholds:
    row = tables.row(f"""
        select accept_weight, review_weight
        from {tables.layer("seeds", "match_thresholds")}
        where entity = '{entity}'
    """)
    return Thresholds(float(row["accept_weight"]), float(row["review_weight"]))


def _cluster_sizes(tables: Tables, entity: str) -> tuple[ClusterSize, ...]:
    rows = tables.rows(f"""
        with sizes as (
            select cluster_id, count(*) as record_count
            from {tables.layer("matching", f"{entity}_clusters")}
            group by cluster_id
        )

        select record_count, count(*) as entity_count
        from sizes
        group by record_count
        order by record_count
    """)
    return tuple(ClusterSize(row["record_count"], row["entity_count"]) for row in rows)


def _flow(
    tables: Tables, entity: str, thresholds: Thresholds, sizes: tuple[ClusterSize, ...]
) -> Flow:
    row = tables.row(f"""
        select
            count(*) as compared,
            count(case when match_weight >= {thresholds.accept} then 1 end) as accepted,
        from {tables.layer("matching", f"{entity}_pairs")}
    """)
    return Flow(
        records=sum(size.records * size.entities for size in sizes),
        pairs_compared=row["compared"],
        pairs_accepted=row["accepted"],
        entities=sum(size.entities for size in sizes),
        entities_of_several=sum(size.entities for size in sizes if size.records > 1),
    )


def _weight_bins(tables: Tables, entity: str, *, has_truth: bool) -> tuple[WeightBin, ...]:
    truth = tables.layer("demo", truth_table(entity))
    kind, joins = "'unknown'", ""
    if has_truth:
        kind = """case
                when l.entity_id is null or r.entity_id is null then 'unknown'
                when l.entity_id = r.entity_id then 'same'
                else 'different'
            end"""
        joins = f"""
        left join {truth} as l on pairs.record_id_l = l.record_id
        left join {truth} as r on pairs.record_id_r = r.record_id"""
    weight = f"greatest(least(pairs.match_weight, {HIGHEST_BIN}), {LOWEST_BIN})"
    rows = tables.rows(f"""
        select
            cast(floor({weight} / {BIN_WIDTH}) as int64) * {BIN_WIDTH} as low,
            {kind} as truth,
            count(*) as pair_count,
        from {tables.layer("matching", f"{entity}_pairs")} as pairs{joins}
        group by low, truth
        order by low, truth
    """)
    return tuple(
        WeightBin(row["low"], row["low"] + BIN_WIDTH, row["truth"], row["pair_count"])
        for row in rows
    )
