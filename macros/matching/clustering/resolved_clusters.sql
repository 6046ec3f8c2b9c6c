{#- One row per record: the cluster it belongs to. Records without any acceptable pair are clusters of one. Copies
    go where their distinct record went, if two records that say the same are one entity for what they say (weight
    of the record with itself), by an address, a number or an identifier, or by a link or a decision that all of them
    have.
    A cluster is named after its smallest record id, so the same clusters have the same names in every run. -#}
{% macro resolved_clusters(entity, copies, features, linkage, scored_copies, must_links) %}
{%- set identifying = model_slots(entity_model(entity), 'identifies') -%}
with

copies as (

    select * from {{ copies }}

),

features as (

    select * from {{ features }}

),

members as (

    select * from {{ linkage }}
    where row_type = 'member'

),

accepted_copies as (

    select features.record_key
    from {{ scored_copies }} as scored_copies
    inner join features on scored_copies.record_key_l = features.record_key
    cross join {{ ref('match_thresholds') }} as thresholds
    where
        thresholds.entity = '{{ entity }}'
        and (
            scored_copies.match_weight > thresholds.accept_weight
            or coalesce(features.{{ identifying | join(', features.') }}) is not null
        )

),

bound_records as (

    select record_key from {{ must_links }}
    where contradicted_by is null

),

clustered_records as (

    select
        copies.record_id,
        copies.record_key,
        copies.distinct_record_id,
        copies.distinct_record_key,
        if(
            copies.record_id = copies.distinct_record_id
            or copies.is_linked
            or accepted_copies.record_key is not null
            or bound_records.record_key is not null,
            coalesce(members.cluster_key, copies.distinct_record_key),
            copies.record_key
        ) as cluster_key,
    from copies
    left join members on copies.distinct_record_key = members.record_key
    left join accepted_copies on copies.distinct_record_key = accepted_copies.record_key
    left join bound_records on copies.distinct_record_key = bound_records.record_key

),

named_clusters as (

    select
        record_id,
        min(record_id) over (partition by cluster_key) as cluster_id,
        count(*) over (partition by cluster_key) as n_records,
        record_key,
        cluster_key,
        distinct_record_id,
        distinct_record_key,
    from clustered_records

)

select * from named_clusters
{% endmacro %}
