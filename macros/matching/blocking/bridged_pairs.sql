{#- Pairs that blocking did not find and whose records both match a third one: the clustering asks for their weight,
    and an unknown one would count against joining all three. And pairs of records that somebody decided about, for the
    audit asks what their weight would have said. Same columns as candidate_pairs; no rule found them. -#}
{% macro bridged_pairs(entity, features, scored_pairs, decision_sides, copies) %}
with

scored_pairs as (

    select * from {{ scored_pairs }}

),

features as (

    select
        record_key,
        exclusive_source,
    from {{ features }}

),

accepted_pairs as (

    select
        scored_pairs.record_key_l,
        scored_pairs.record_key_r,
    from scored_pairs
    cross join {{ ref('match_thresholds') }} as thresholds
    where thresholds.entity = '{{ entity }}' and scored_pairs.match_weight > thresholds.accept_weight

),

neighbours as (

    select
        record_key_l as record_key,
        record_key_r as neighbour_key,
    from accepted_pairs
    union all
    select
        record_key_r as record_key,
        record_key_l as neighbour_key,
    from accepted_pairs

),

bridges as (

    select distinct
        l.neighbour_key as record_key_l,
        r.neighbour_key as record_key_r,
    from neighbours as l
    inner join neighbours as r
        on l.record_key = r.record_key and l.neighbour_key < r.neighbour_key

),

allowed_bridges as (

    select
        bridges.record_key_l,
        bridges.record_key_r,
    from bridges
    inner join features as l on bridges.record_key_l = l.record_key
    inner join features as r on bridges.record_key_r = r.record_key
    where coalesce(l.exclusive_source != r.exclusive_source, true)

),

-- Two records, not all pairs of two entities.
decided_pairs as (

    select
        min(copies.distinct_record_key) as record_key_l,
        max(copies.distinct_record_key) as record_key_r,
    from {{ decision_sides }} as sides
    inner join {{ copies }} as copies on sides.record_id = copies.record_id
    group by sides.decision_id
    having count(distinct copies.distinct_record_key) = 2 and count(distinct sides.side) = 2

),

wanted_pairs as (

    select * from allowed_bridges
    union distinct
    select * from decided_pairs

),

unscored_pairs as (

    select
        wanted_pairs.record_key_l,
        wanted_pairs.record_key_r,
        0 as rule_mask,
        false as is_random,
    from wanted_pairs
    left join scored_pairs
        on
            wanted_pairs.record_key_l = scored_pairs.record_key_l
            and wanted_pairs.record_key_r = scored_pairs.record_key_r
    where scored_pairs.record_key_l is null

)

select * from unscored_pairs
{% endmacro %}
