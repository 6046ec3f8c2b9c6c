{#- One row per cluster and last entity that share records, with their number. A record that came while another one
    went that says the same and has the same id but for upper and lower case is that record. -#}
{% macro shared_records(entity) %}
with

clusters as (

    select
        clusters.record_id,
        clusters.cluster_id,
        records.record_hash,
    from {{ ref(entity ~ '_clusters') }} as clusters
    inner join {{ ref('int_' ~ entity ~ '_records') }} as records on clusters.record_id = records.record_id

),

last_assignments as (

    select * from {{ ref('int_' ~ entity ~ '_last_assignments') }}

),

known_records as (

    select
        clusters.cluster_id,
        last_assignments.{{ entity }}_id,
    from clusters
    inner join last_assignments on clusters.record_id = last_assignments.record_id

),

new_records as (

    select clusters.*
    from clusters
    left join last_assignments on clusters.record_id = last_assignments.record_id
    where last_assignments.record_id is null

),

gone_records as (

    select last_assignments.*
    from last_assignments
    left join clusters on last_assignments.record_id = clusters.record_id
    where clusters.record_id is null

),

renamed_records as (

    select
        new_records.cluster_id,
        gone_records.{{ entity }}_id,
    from new_records
    inner join gone_records
        on
            new_records.record_hash = gone_records.record_hash
            and lower(new_records.record_id) = lower(gone_records.record_id)

),

shared_records as (

    select * from known_records
    union all
    select * from renamed_records

),

counted as (

    select
        cluster_id,
        {{ entity }}_id,
        count(*) as n_shared_records,
    from shared_records
    group by cluster_id, {{ entity }}_id

),

final as (

    select
        cluster_id,
        {{ entity }}_id,
        n_shared_records,
        count(*) over (partition by cluster_id) > 1
        or count(*) over (partition by {{ entity }}_id) > 1 as is_contested,
    from counted

)

select * from final
{% endmacro %}
