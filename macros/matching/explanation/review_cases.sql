{#- What is worth asking a person: two clusters that are nearly one (`join`), and a cluster that is nearly two
    (`split`). Near is whatever lies within accept_weight - review_weight bits of the border, on either side. Each case
    is shown by the strongest pair between its two sides.
    A case is worth the records that its decision would put right, on average: those of the smaller side times the
    probability, by the model, that what stands is wrong. That is 1 / (1 + 2^distance): one half at the border, and half
    as much with every further bit. -#}
{% macro review_cases(entity, clusters, features, scored_pairs, linkage, bridges, decision_sides) %}
with

scored_pairs as (

    select * from {{ scored_pairs }}

),

thresholds as (

    select
        accept_weight,
        lowest_pair_weight,
        accept_weight - review_weight as review_range,
    from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

records as (

    select
        clusters.distinct_record_key as record_key,
        clusters.cluster_key,
        clusters.n_records,
        features.exclusive_source,
    from {{ clusters }} as clusters
    inner join {{ features }} as features on clusters.record_id = features.record_id

),

{{ nearly_joined_clusters(linkage) }},

{{ nearly_split_clusters(linkage, bridges) }},

cases as (

    select * from nearly_joined
    union all
    select * from nearly_split

),

worthwhile as (

    select
        *,
        least(n_records_l, n_records_r) as n_records_moved,
        least(n_records_l, n_records_r) * {{ probability_of_weight('-distance') }} as worth,
    from cases

),

{{ undecided_cases(entity, clusters, linkage, decision_sides) }},

final as (

    select * from undecided_cases
    qualify row_number() over (
        partition by question
        order by worth desc, record_key_l, record_key_r
    ) <= {{ explanation_constants().review_cases }}

)

select * from final
{% endmacro %}
