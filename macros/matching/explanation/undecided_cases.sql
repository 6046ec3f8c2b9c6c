{#- The cases that nobody has decided yet, as CTEs ending in `undecided_cases`: where a decision has a record on either
    side, it is answered, whatever the answer was. Reads the CTE `worthwhile`; part of review_cases. -#}
{% macro undecided_cases(entity, clusters, linkage, decision_sides) %}
decided_records as (

    select
        sides.decision_id,
        sides.side,
        clusters.distinct_record_key as record_key,
        clusters.cluster_key,
    from {{ decision_sides }} as sides
    inner join {{ ref('int_decisions') }} as decisions on sides.decision_id = decisions.decision_id
    inner join {{ clusters }} as clusters on sides.record_id = clusters.record_id
    where decisions.entity = '{{ entity }}' and decisions.is_holding

),

members as (

    select
        record_key,
        cluster_key,
        part_key,
    from {{ linkage }}
    where row_type = 'member'

),

decided_sides as (

    select distinct
        asked.question,
        decided_records.decision_id,
        decided_records.side,
        asked.side_key,
    from decided_records
    left join members
        on decided_records.record_key = members.record_key and decided_records.cluster_key = members.cluster_key
    cross join unnest([
        struct('join' as question, decided_records.cluster_key as side_key),
        struct('split' as question, members.part_key as side_key)
    ]) as asked
    where asked.side_key is not null

),

decided_cases as (

    select distinct
        l.question,
        least(l.side_key, r.side_key) as least_side_key,
        greatest(l.side_key, r.side_key) as greatest_side_key,
    from decided_sides as l
    inner join decided_sides as r on l.question = r.question and l.decision_id = r.decision_id
    where l.side = 'left' and r.side = 'right'

),

undecided_cases as (

    select worthwhile.*
    from worthwhile
    left join decided_cases
        on
            worthwhile.question = decided_cases.question
            and least(worthwhile.side_key_l, worthwhile.side_key_r) = decided_cases.least_side_key
            and greatest(worthwhile.side_key_l, worthwhile.side_key_r) = decided_cases.greatest_side_key
    where decided_cases.question is null

)
{% endmacro %}
