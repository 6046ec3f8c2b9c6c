{#- The pairs that explain: of every record the strongest pairs with the rest of its cluster, and the pairs of the
    review cases. At most a few per record, however large its cluster is. Same columns as candidate_pairs. -#}
{% macro explained_pairs(clusters, scored_pairs, review_cases) %}
with

scored_pairs as (

    select * from {{ scored_pairs }}

),

records as (

    select
        distinct_record_key as record_key,
        cluster_key,
    from {{ clusters }}
    where record_id = distinct_record_id

),

pairs_of_clusters as (

    select
        scored_pairs.record_key_l,
        scored_pairs.record_key_r,
        scored_pairs.rule_mask,
        scored_pairs.match_weight,
    from scored_pairs
    inner join records as l on scored_pairs.record_key_l = l.record_key
    inner join records as r on scored_pairs.record_key_r = r.record_key and l.cluster_key = r.cluster_key

),

sides as (

    select
        record_key_l as record_key,
        pairs_of_clusters.*,
    from pairs_of_clusters
    union all
    select
        record_key_r as record_key,
        pairs_of_clusters.*,
    from pairs_of_clusters

),

strongest_pairs as (

    select
        record_key_l,
        record_key_r,
        rule_mask,
    from sides
    qualify row_number() over (
        partition by record_key
        order by match_weight desc, record_key_l, record_key_r
    ) <= {{ explanation_constants().pairs_of_a_record }}

),

wanted_pairs as (

    select * from strongest_pairs
    union distinct
    select
        record_key_l,
        record_key_r,
        rule_mask,
    from {{ review_cases }}

),

final as (

    select
        *,
        false as is_random,
    from wanted_pairs

)

select * from final
{% endmacro %}
