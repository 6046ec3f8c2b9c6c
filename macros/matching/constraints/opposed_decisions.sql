{#- What speaks against decisions and what they do, as CTEs: `opposed` (decision_id, opposed_by), the decisions that
    contradict each, and `separating` (decision_id, n_cluster_pairs), the cluster pairs that each keeps apart now. -#}
{% macro opposed_decisions(bound_records, must_links, kept_apart) %}
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

)
{% endmacro %}
