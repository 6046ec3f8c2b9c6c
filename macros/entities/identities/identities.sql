{#- One row per cluster: the id that it keeps, or a new one. -#}
{% macro identities(entity) %}
with

clusters as (

    select distinct cluster_id
    from {{ ref(entity ~ '_clusters') }}

),

kept_ids as (

    select
        cluster_id,
        {{ entity }}_id,
    from {{ ref('int_' ~ entity ~ '_shared_records') }}
    where not is_contested
    union all
    select
        cluster_id,
        {{ entity }}_id,
    from {{ ref('int_' ~ entity ~ '_overlaps') }}
    where is_kept

),

final as (

    select
        clusters.cluster_id,
        coalesce(kept_ids.{{ entity }}_id, {{ new_entity_id(entity, 'clusters.cluster_id') }}) as {{ entity }}_id,
        kept_ids.{{ entity }}_id is null as is_new,
    from clusters
    left join kept_ids on clusters.cluster_id = kept_ids.cluster_id

)

select * from final
{% endmacro %}
