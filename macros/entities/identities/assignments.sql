{#- One row per record: its entity, the one before, and what it says. -#}
{% macro assignments(entity) %}
with

clusters as (

    select * from {{ ref(entity ~ '_clusters') }}

),

records as (

    select * from {{ ref('int_' ~ entity ~ '_records') }}

),

identities as (

    select * from {{ ref('int_' ~ entity ~ '_identities') }}

),

last_assignments as (

    select * from {{ ref('int_' ~ entity ~ '_last_assignments') }}

),

final as (

    select
        clusters.record_id,
        identities.{{ entity }}_id,
        clusters.cluster_id,
        last_assignments.{{ entity }}_id as {{ entity }}_id_before,
        records.record_hash,
        last_assignments.record_hash as record_hash_before,
    from clusters
    inner join records on clusters.record_id = records.record_id
    inner join identities on clusters.cluster_id = identities.cluster_id
    left join last_assignments on clusters.record_id = last_assignments.record_id

)

select * from final
{% endmacro %}
