{#- One row per distinct record: what is counted, blocked and compared. A record that was loaded 5,000 times says no
    more about its name, and makes it no more common, than one. -#}
{% macro distinct_records(records, copies) %}
with

records as (

    select * from {{ records }}

),

copies as (

    select * from {{ copies }}
    where record_id = distinct_record_id

),

final as (

    select
        records.* except (source_system, source_table, source_id, updated_at, record_hash),
        copies.n_copies,
    from records
    inner join copies on records.record_id = copies.record_id

)

select * from final
{% endmacro %}
