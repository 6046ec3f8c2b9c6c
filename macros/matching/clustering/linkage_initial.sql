{#- Round 0 of the clustering: every record with at least one acceptable pair or hard link is a cluster of its own
    (`member` rows), and every pair between such records that weighs more than `lowest_pair_weight` is an edge (`edge`
    rows). An edge carries what it weighs beyond that, in millionths of a bit, because sums of integers come out the
    same in any order: all other pairs, scored or not, count as the lowest weight. -#}
{% macro linkage_initial(entity, features, records, scored_pairs) %}
with

scored_pairs as (

    select * from {{ scored_pairs }}

),

features as (

    select * from {{ features }}

),

thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

hard_links as (

    select distinct
        least(l.record_key, r.record_key) as record_key_l,
        greatest(l.record_key, r.record_key) as record_key_r,
    from {{ records }} as records, unnest(records.linked_record_ids) as linked_record_id
    inner join features as l on records.record_id = l.record_id
    inner join features as r on linked_record_id = r.record_id
    where l.record_key != r.record_key

),

active_records as (

    select record_key_l as record_key from hard_links
    union distinct
    select record_key_r as record_key from hard_links
    union distinct
    select scored_pairs.record_key_l as record_key
    from scored_pairs
    cross join thresholds
    where scored_pairs.match_weight > thresholds.accept_weight
    union distinct
    select scored_pairs.record_key_r as record_key
    from scored_pairs
    cross join thresholds
    where scored_pairs.match_weight > thresholds.accept_weight

),

pair_evidence as (

    select
        scored_pairs.record_key_l,
        scored_pairs.record_key_r,
        cast(round((scored_pairs.match_weight - thresholds.lowest_pair_weight) * 1000000) as int64) as excess_weight,
        0 as n_hard_links,
    from scored_pairs
    cross join thresholds
    inner join active_records as l on scored_pairs.record_key_l = l.record_key
    inner join active_records as r on scored_pairs.record_key_r = r.record_key
    where scored_pairs.match_weight > thresholds.lowest_pair_weight
    union all
    select
        record_key_l,
        record_key_r,
        0 as excess_weight,
        1 as n_hard_links,
    from hard_links

),

edges as (

    select
        record_key_l,
        record_key_r,
        cast(sum(excess_weight) as int64) as excess_weight,
        cast(sum(n_hard_links) as int64) as n_hard_links,
    from pair_evidence
    group by record_key_l, record_key_r

),

final as (

    select
        'member' as row_type,
        features.record_key as cluster_key,
        cast(null as int64) as other_cluster_key,
        features.record_key,
        features.exclusive_source,
        cast(null as int64) as part_key,
        cast(null as float64) as bridge_weight,
        cast(null as int64) as excess_weight,
        cast(null as int64) as n_hard_links,
        0 as round,
        cast(null as int64) as n_merges,
        false as is_converged,
    from features
    inner join active_records on features.record_key = active_records.record_key
    union all
    select
        'edge' as row_type,
        record_key_l as cluster_key,
        record_key_r as other_cluster_key,
        cast(null as int64) as record_key,
        cast(null as string) as exclusive_source,
        cast(null as int64) as part_key,
        cast(null as float64) as bridge_weight,
        excess_weight,
        n_hard_links,
        0 as round,
        cast(null as int64) as n_merges,
        false as is_converged,
    from edges

)

select * from final
{% endmacro %}
