{#- One row per record with the distinct record that stands for it in matching: the one with the smallest id of all
    that say the same, are linked to the same records and are decided about in the same way. A record of a source
    without duplicates stands for itself: there, two records that say the same are two.
    With `company_copies`, people at copies of one company record count as people at the same company. -#}
{% macro record_copies(records, decided_records, company_copies=none) %}
with

records as (

    select
        record_id,
        record_hash,
        linked_record_ids,
        exclusive_source,
        {%- if company_copies %}
            company_record_id,
        {%- endif %}
    from {{ records }}

),

stated_links as (

    select
        records.record_id,
        linked.record_id as linked_record_id,
    from records, unnest(records.linked_record_ids) as linked_record_id
    inner join records as linked on linked_record_id = linked.record_id

),

links as (

    select
        record_id,
        linked_record_id,
    from stated_links
    union distinct
    select
        linked_record_id as record_id,
        record_id as linked_record_id,
    from stated_links

),

link_sets as (

    select
        record_id,
        string_agg(linked_record_id, '|' order by linked_record_id) as linked_records,
    from links
    group by record_id

),

decided_records as (

    select
        record_id,
        decided_as,
    from {{ decided_records }}

),

identified as (

    select
        records.record_id,
        records.record_hash,
        coalesce(link_sets.linked_records, '') as linked_records,
        if(records.exclusive_source is null, '', records.record_id) as exclusive_record_id,
        {%- if company_copies %}
            coalesce(company_copies.distinct_record_id, records.company_record_id, '') as company_record_id,
        {%- else %}
            '' as company_record_id,
        {%- endif %}
        coalesce(decided_records.decided_as, '') as decided_as,
    from records
    left join link_sets on records.record_id = link_sets.record_id
    left join decided_records on records.record_id = decided_records.record_id
    {%- if company_copies %}
        left join {{ company_copies }} as company_copies
            on records.company_record_id = company_copies.record_id
    {%- endif %}

),

grouped as (

    select
        record_id,
        min(record_id) over copies as distinct_record_id,
        count(*) over copies as n_copies,
        linked_records != '' as is_linked,
    from identified
    window copies as (
        partition by record_hash, linked_records, exclusive_record_id, company_record_id, decided_as
    )

),

final as (

    select
        record_id,
        farm_fingerprint(record_id) as record_key,
        distinct_record_id,
        farm_fingerprint(distinct_record_id) as distinct_record_key,
        n_copies,
        is_linked,
    from grouped

)

select * from final
{% endmacro %}
