{#- One row per record that shares its cluster: how well the rest of the cluster supports it. The support is the mean
    weight of its pairs with all the others, what average linkage would see if it joined last. The mean counts all pairs
    as one piece of evidence, and the best pair takes the weak ones for no contradiction: the probability is that of
    the weight half-way between. A record that the source itself or a decision links to another
    one there is certain, and so are copies that are one for their address or number. -#}
{% macro record_support(entity, clusters, scored_pairs, scored_copies, linkage_initial, must_links) %}
{%- set weight_error = quality_constants()['weight_error'] -%}
with

clusters as (

    select * from {{ clusters }}

),

scored_pairs as (

    select * from {{ scored_pairs }}

),

scored_copies as (

    select * from {{ scored_copies }}

),

hard_links as (

    select
        cluster_key as record_key_l,
        other_cluster_key as record_key_r,
    from {{ linkage_initial }}
    where row_type = 'edge' and n_hard_links > 0

),

thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

{{ pairs_inside_clusters() }},

links_of_clusters as (

    select
        hard_links.record_key_l,
        hard_links.record_key_r,
    from hard_links
    inner join rows_of_clusters as l on hard_links.record_key_l = l.record_key
    inner join rows_of_clusters as r on hard_links.record_key_r = r.record_key and l.cluster_key = r.cluster_key

),

linked_records as (

    select record_key_l as record_key from links_of_clusters
    union distinct
    select record_key_r as record_key from links_of_clusters
    union distinct
    select record_key from {{ must_links }}
    where contradicted_by is null
    union distinct
    select rows_of_clusters.record_key
    from rows_of_clusters
    inner join scored_copies on rows_of_clusters.record_key = scored_copies.record_key_l
    cross join thresholds
    where rows_of_clusters.n_copies > 1 and scored_copies.match_weight <= thresholds.accept_weight

),

supported as (

    select
        clusters.record_id,
        clusters.cluster_id,
        clusters.record_key,
        clusters.n_records,
        coalesce(evidence.n_scored_pairs, 0) as n_scored_pairs,
        coalesce(evidence.total_probability, 0.0) as total_probability,
        linked_records.record_key is not null as is_linked,
        (
            coalesce(evidence.total_weight, 0.0)
            + thresholds.lowest_pair_weight * (clusters.n_records - 1 - coalesce(evidence.n_scored_pairs, 0))
        )
        / (clusters.n_records - 1) as support_weight,
        coalesce(evidence.best_weight, thresholds.lowest_pair_weight) as best_weight,
    from clusters
    cross join thresholds
    left join evidence
        on clusters.distinct_record_key = evidence.record_key and clusters.cluster_key = evidence.cluster_key
    left join linked_records on clusters.distinct_record_key = linked_records.record_key
    where clusters.n_records > 1

),

probable as (

    select
        *,
        if(is_linked, 1.0, {{ probability_of_weight('(support_weight + best_weight) / 2') }})
            as membership_probability,
        if(is_linked, 1.0, {{ probability_of_weight('support_weight - ' ~ weight_error) }}) as lowest_probability,
        if(is_linked, 1.0, {{ probability_of_weight('best_weight + ' ~ weight_error) }}) as highest_probability,
    from supported

),

-- A pair is as likely as its less supported record, so the record of rank k decides k - 1 pairs.
final as (

    select
        *,
        row_number() over (partition by cluster_id order by membership_probability desc, record_key) as support_rank,
    from probable

)

select * from final
{% endmacro %}
