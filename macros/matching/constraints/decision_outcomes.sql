{#- One row per decision: whether it is applied, and what the weights alone say of its two sides: the mean over all
    their cross pairs, as average linkage would see them. What the clusters would be without a decision is not known
    without building them again; `redundant` is what can be said from here: the two sides would merge by their own
    weight, or no two clusters that would merge are kept apart by it now. -#}
{% macro decision_outcomes(
    entity, decision_sides, bound_records, must_links, kept_apart, copies, clusters, scored_pairs
) %}
with

decisions as (

    select * from {{ ref('int_decisions') }}
    where entity = '{{ entity }}'

),

thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

{{ known_references(entity) }},

{{ weighed_sides(decision_sides, copies, clusters, scored_pairs) }},

{{ opposed_decisions(bound_records, must_links, kept_apart) }},

gathered as (

    select
        decisions.decision_id,
        decisions.verdict,
        decisions.is_holding,
        known_references.n_known = 2 as is_known,
        coalesce(side_sizes.n_left_records, 0) as n_left_records,
        coalesce(side_sizes.n_right_records, 0) as n_right_records,
        coalesce(pairs_together.n_pairs_together, 0) as n_pairs_together,
        opposed.opposed_by,
        coalesce(separating.n_cluster_pairs, 0) as n_cluster_pairs,
        coalesce(evidence.n_scored_pairs, 0) as n_scored_pairs,
        thresholds.lowest_pair_weight
        + coalesce(evidence.excess_weight, 0)
        / nullif(side_sizes.n_left_distinct * side_sizes.n_right_distinct, 0) as mean_weight,
        thresholds.accept_weight,
    from decisions
    cross join thresholds
    left join known_references on decisions.decision_id = known_references.decision_id
    left join side_sizes on decisions.decision_id = side_sizes.decision_id
    left join pairs_together on decisions.decision_id = pairs_together.decision_id
    left join opposed on decisions.decision_id = opposed.decision_id
    left join separating on decisions.decision_id = separating.decision_id
    left join evidence on decisions.decision_id = evidence.decision_id

),

final as (

    select
        '{{ entity }}' as entity,
        decision_id,
        verdict,
        case
            when not is_holding then 'superseded'
            when not is_known then 'unknown_reference'
            when n_left_records = 0 or n_right_records = 0 then 'without_records'
            when verdict = 'same' and opposed_by is not null then 'contradictory'
            when verdict = 'same' and mean_weight > accept_weight then 'redundant'
            when verdict != 'same' and n_cluster_pairs = 0 then 'redundant'
            else 'applied'
        end as state,
        n_left_records,
        n_right_records,
        n_left_records * n_right_records as n_record_pairs,
        n_pairs_together,
        opposed_by,
        n_scored_pairs,
        mean_weight,
        mean_weight > accept_weight as is_match_by_weight,
    from gathered

)

select * from final
{% endmacro %}
