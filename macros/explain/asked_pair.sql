{#- The pair that explains two references, record ids or entity ids, as CTEs ending in `asked_pair`: of the pairs
    between them the one that weighs most; where the matching looked at none, the first record of each, which no rule
    found. Records that say the same are one record beside itself. `sides` has the record of each reference. -#}
{% macro asked_pair(entity) %}
asked as (

    select
        given.side,
        given.reference,
    from unnest([
        struct('left' as side, {{ fill_in('left') }} as reference),
        struct('right' as side, {{ fill_in('right') }} as reference)
    ]) as given

),

records as (

    select
        clusters.record_id,
        clusters.distinct_record_id,
        clusters.distinct_record_key as record_key,
        clusters.cluster_id,
        clusters.cluster_key,
        clusters.n_records,
        assignments.{{ entity }}_id as entity_id,
    from {{ ref(entity ~ '_clusters') }} as clusters
    inner join {{ ref(entity ~ '_assignments') }} as assignments on clusters.record_id = assignments.record_id

),

asked_records as (

    select
        asked.side,
        records.*,
    from records
    inner join asked on asked.reference in (records.record_id, records.entity_id)

),

asked_keys as (

    select distinct
        side,
        record_key,
    from asked_records

),

first_records as (

    select
        min(if(side = 'left', record_key, null)) as left_key,
        min(if(side = 'right', record_key, null)) as right_key,
    from asked_keys

),

known_pairs as (

    select
        record_key_l,
        record_key_r,
        rule_mask,
        match_weight,
    from {{ ref(entity ~ '_pairs') }}
    union all
    select
        record_key_l,
        record_key_r,
        rule_mask,
        match_weight,
    from {{ ref('int_' ~ entity ~ '_scored_copies') }}

),

possible_pairs as (

    select
        known_pairs.*,
        l.side as side_of_l,
    from known_pairs
    inner join asked_keys as l on known_pairs.record_key_l = l.record_key
    inner join asked_keys as r on known_pairs.record_key_r = r.record_key and l.side != r.side
    union all
    select
        least(left_key, right_key) as record_key_l,
        greatest(left_key, right_key) as record_key_r,
        0 as rule_mask,
        cast(null as float64) as match_weight,
        if(left_key <= right_key, 'left', 'right') as side_of_l,
    from first_records
    where left_key is not null and right_key is not null

),

best_pair as (

    select * from possible_pairs
    order by match_weight is null, match_weight desc, record_key_l, record_key_r, side_of_l
    limit 1

),

asked_pair as (

    select
        record_key_l,
        record_key_r,
        rule_mask,
        false as is_random,
    from best_pair

),

sides as (

    select
        asked_records.side,
        min(asked_records.record_id) as record_id,
        min(asked_records.distinct_record_id) as distinct_record_id,
        min(asked_records.cluster_id) as cluster_id,
        min(asked_records.entity_id) as entity_id,
        min(asked_records.record_key) as record_key,
        min(asked_records.cluster_key) as cluster_key,
        min(asked_records.n_records) as n_records,
        max(best_pair.match_weight) as scored_weight,
    from best_pair
    inner join asked_records
        on
            asked_records.record_key = if(
                asked_records.side = best_pair.side_of_l, best_pair.record_key_l, best_pair.record_key_r
            )
    group by asked_records.side

)
{% endmacro %}
