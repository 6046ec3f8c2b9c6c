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

sides as (

    select
        sides.decision_id,
        sides.side,
        sides.record_id,
        copies.distinct_record_key,
        clusters.cluster_id,
    from {{ decision_sides }} as sides
    inner join {{ copies }} as copies on sides.record_id = copies.record_id
    inner join {{ clusters }} as clusters on sides.record_id = clusters.record_id

),

side_sizes as (

    select
        decision_id,
        countif(side = 'left') as n_left_records,
        countif(side = 'right') as n_right_records,
        count(distinct if(side = 'left', distinct_record_key, null)) as n_left_distinct,
        count(distinct if(side = 'right', distinct_record_key, null)) as n_right_distinct,
    from sides
    group by decision_id

),

-- In how many of their record pairs both are in one cluster.
side_clusters as (

    select
        decision_id,
        cluster_id,
        countif(side = 'left') * countif(side = 'right') as n_pairs_together,
    from sides
    group by decision_id, cluster_id

),

pairs_together as (

    select
        decision_id,
        cast(sum(n_pairs_together) as int64) as n_pairs_together,
    from side_clusters
    group by decision_id

),

distinct_sides as (

    select distinct
        decision_id,
        side,
        distinct_record_key,
    from sides

),

evidence as (

    select
        l.decision_id,
        count(*) as n_scored_pairs,
        {{ exact_sum('greatest(pairs.match_weight - thresholds.lowest_pair_weight, 0.0)') }} as excess_weight,
    from {{ scored_pairs }} as pairs
    cross join thresholds
    inner join distinct_sides as l on pairs.record_key_l = l.distinct_record_key
    inner join distinct_sides as r
        on pairs.record_key_r = r.distinct_record_key and l.decision_id = r.decision_id and l.side != r.side
    group by l.decision_id

),

contradictions as (

    select distinct
        bound_records.decision_id as same_decision_id,
        separating_decision_id,
    from {{ must_links }} as must_links, unnest(split(must_links.contradicted_by, '|')) as separating_decision_id
    inner join {{ bound_records }} as bound_records on must_links.record_key = bound_records.record_key
    where must_links.contradicted_by is not null

),

opposed as (

    select
        same_decision_id as decision_id,
        string_agg(separating_decision_id, '|' order by separating_decision_id) as opposed_by,
    from contradictions
    group by same_decision_id
    union all
    select
        separating_decision_id as decision_id,
        string_agg(same_decision_id, '|' order by same_decision_id) as opposed_by,
    from contradictions
    group by separating_decision_id

),

separating as (

    select
        regexp_replace(constraint_name, r'^decision:', '') as decision_id,
        count(*) as n_cluster_pairs,
    from {{ kept_apart }}
    where starts_with(constraint_name, 'decision:')
    group by decision_id

),

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
