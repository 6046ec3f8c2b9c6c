{#- The clusters of round 0, as CTEs ending in `starting_clusters` (record_key -> cluster_key), with `hard_links`: every
    record with an acceptable pair, a hard link or a decision, by itself or with those that a decision binds to it.
    Reads the CTEs `scored_pairs`, `features` and `thresholds`. -#}
{% macro starting_clusters(records, must_links) %}
hard_links as (

    select distinct
        least(l.record_key, r.record_key) as record_key_l,
        greatest(l.record_key, r.record_key) as record_key_r,
    from {{ records }} as records, unnest(records.linked_record_ids) as linked_record_id
    inner join features as l on records.record_id = l.record_id
    inner join features as r on linked_record_id = r.record_id
    where l.record_key != r.record_key

),

bound_records as (

    select
        record_key,
        bound_key,
    from {{ must_links }}
    where contradicted_by is null

),

active_records as (

    select record_key from bound_records
    union distinct
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

starting_clusters as (

    select
        active_records.record_key,
        coalesce(bound_records.bound_key, active_records.record_key) as cluster_key,
    from active_records
    left join bound_records on active_records.record_key = bound_records.record_key

)
{% endmacro %}
