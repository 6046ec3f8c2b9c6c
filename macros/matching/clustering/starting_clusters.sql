{#- The clusters of round 0: every record with an acceptable pair, a hard link or a decision, by itself or with those
    that a decision binds to it. -#}
{% macro starting_clusters(entity, scored_pairs, hard_links, must_links) %}
with

thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

bound_records as (

    select
        record_key,
        bound_key,
    from {{ must_links }}
    where contradicted_by is null

),

joined_pairs as (

    select
        record_key_l,
        record_key_r,
    from {{ hard_links }}
    union all
    select
        scored_pairs.record_key_l,
        scored_pairs.record_key_r,
    from {{ scored_pairs }} as scored_pairs
    cross join thresholds
    where scored_pairs.match_weight > thresholds.accept_weight

),

active_records as (

    select record_key from bound_records
    union distinct
    select record_key
    from joined_pairs
    cross join unnest([joined_pairs.record_key_l, joined_pairs.record_key_r]) as record_key

),

final as (

    select
        active_records.record_key,
        coalesce(bound_records.bound_key, active_records.record_key) as cluster_key,
    from active_records
    left join bound_records on active_records.record_key = bound_records.record_key

)

select * from final
{% endmacro %}
