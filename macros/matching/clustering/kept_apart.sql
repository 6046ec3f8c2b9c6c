{#- One row per pair of clusters that would merge, and reason for which they did not: a decision, a hard conflict, or a
    source without duplicates. -#}
{% macro kept_apart(entity, linkage) %}
with

{{ linkage_rows(linkage) }},

{{ linkage_candidates(entity) }},

final as (

    select
        kept_apart.cluster_key,
        kept_apart.other_cluster_key,
        kept_apart.constraint_name,
        candidate_edges.mean_weight,
        candidate_edges.n_hard_links,
        l.n_records as n_records_l,
        r.n_records as n_records_r,
    from kept_apart
    inner join candidate_edges
        on
            kept_apart.cluster_key = candidate_edges.cluster_key
            and kept_apart.other_cluster_key = candidate_edges.other_cluster_key
    inner join cluster_sizes as l on kept_apart.cluster_key = l.cluster_key
    inner join cluster_sizes as r on kept_apart.other_cluster_key = r.cluster_key

)

select * from final
{% endmacro %}
