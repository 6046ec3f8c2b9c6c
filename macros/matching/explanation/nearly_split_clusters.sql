{#- Clusters that a little less evidence would split at their weakest bridge, as CTEs ending in `nearly_split`. Reads
    the CTEs `scored_pairs` and `thresholds`; part of review_cases. -#}
{% macro nearly_split_clusters(linkage, bridges) %}
weak_bridges as (

    select
        bridges.*,
        thresholds.accept_weight,
    from {{ bridges }} as bridges
    cross join thresholds
    where bridges.bridge_weight < thresholds.accept_weight + thresholds.review_range

),

sides as (

    select
        members.record_key,
        members.cluster_key,
        members.part_key,
        weak_bridges.bridge_weight as border_weight,
        weak_bridges.accept_weight,
        if(
            members.part_key = weak_bridges.part_key_l, weak_bridges.n_records_l, weak_bridges.n_records_r
        ) as n_records,
    from weak_bridges
    inner join {{ linkage }} as members on weak_bridges.cluster_key = members.cluster_key
    where members.row_type = 'member'

),

bridging_pairs as (

    select
        scored_pairs.record_key_l,
        scored_pairs.record_key_r,
        scored_pairs.record_id_l,
        scored_pairs.record_id_r,
        scored_pairs.rule_mask,
        scored_pairs.match_weight,
        l.part_key as side_key_l,
        r.part_key as side_key_r,
        l.n_records as n_records_l,
        r.n_records as n_records_r,
        l.border_weight,
        l.accept_weight,
    from scored_pairs
    inner join sides as l on scored_pairs.record_key_l = l.record_key
    inner join sides as r on scored_pairs.record_key_r = r.record_key and l.cluster_key = r.cluster_key
    where l.part_key != r.part_key
    qualify row_number() over (
        partition by l.cluster_key
        order by scored_pairs.match_weight desc, scored_pairs.record_key_l, scored_pairs.record_key_r
    ) = 1

),

nearly_split as (

    select
        'split' as question,
        {{ review_case_columns() }},
        border_weight - accept_weight as distance,
    from bridging_pairs

)
{% endmacro %}
