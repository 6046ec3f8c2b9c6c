{#- SQL of a model: one row per entity with its counts, the lists of its contact values and the record that gives each
    group of fields. Of several spellings of one value the list has the one that would survive. -#}
{% macro entity_summaries(entity) %}
{%- set fields = golden_fields(entity) %}
{%- set entity_id = entity ~ '_id' %}
with

records as (

    select
        assignments.{{ entity_id }},
        records.source_system,
        records.updated_at,
    from {{ ref(entity ~ '_assignments') }} as assignments
    inner join {{ ref('int_' ~ entity ~ '_records') }} as records
        on assignments.record_id = records.record_id

),

totals as (

    select
        {{ entity_id }},
        count(*) as n_records,
        array_agg(distinct source_system order by source_system) as source_systems,
        max(updated_at) as last_updated_at,
    from records
    group by {{ entity_id }}

),

contact_values as (

    select
        {{ entity_id }},
        field,
        value,
    from {{ ref('int_' ~ entity ~ '_ranked_candidates') }}
    where field in ('{{ fields.contacts | join("', '") }}')
    qualify row_number() over (
        partition by {{ entity_id }}, field, matching_value
        order by position
    ) = 1

),

{% for field in fields.contacts %}
{{ field }}_lists as (

    select
        {{ entity_id }},
        array_agg(value order by value) as {{ field }}s,
    from contact_values
    where field = '{{ field }}'
    group by {{ entity_id }}

),

{% endfor %}
chosen as (

    select
        {{ entity_id }},
        {%- for field in fields.groups %}
            max(if(field = '{{ field }}', record_id, null)) as {{ field }}_record_id,
        {%- endfor %}
        {%- for field, column in fields.contacts.items() %}
            max(if(field = '{{ field }}', value, null)) as {{ column }},
        {%- endfor %}
    from {{ ref('int_' ~ entity ~ '_survivors') }}
    group by {{ entity_id }}

),

final as (

    select
        totals.*,
        {%- for field in fields.contacts %}
            coalesce({{ field }}_lists.{{ field }}s, cast([] as array<string>)) as {{ field }}s,
        {%- endfor %}
        chosen.* except ({{ entity_id }}),
    from totals
    left join chosen on totals.{{ entity_id }} = chosen.{{ entity_id }}
    {%- for field in fields.contacts %}
        left join {{ field }}_lists on totals.{{ entity_id }} = {{ field }}_lists.{{ entity_id }}
    {%- endfor %}

)

select * from final
{% endmacro %}
