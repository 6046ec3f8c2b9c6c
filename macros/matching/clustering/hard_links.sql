{#- Pairs of distinct records that a source says are one, each once, the smaller key first. -#}
{% macro hard_links(records, features) %}
with

features as (

    select
        record_id,
        record_key,
    from {{ features }}

),

final as (

    select distinct
        least(l.record_key, r.record_key) as record_key_l,
        greatest(l.record_key, r.record_key) as record_key_r,
    from {{ records }} as records, unnest(records.linked_record_ids) as linked_record_id
    inner join features as l on records.record_id = l.record_id
    inner join features as r on linked_record_id = r.record_id
    where l.record_key != r.record_key

)

select * from final
{% endmacro %}
