with

records as (

    select * from {{ ref('int_person_records') }}

),

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

parts as (

    select
        record_id,
        max(if(part = 'given_name', written_value, null)) as given_name,
        max(if(part = 'middle_name', written_value, null)) as middle_name,
        max(if(part = 'family_name', written_value, null)) as family_name,
        max(if(part = 'name_suffix', written_value, null)) as name_suffix,
    from {{ ref('int_written_name_parts') }}
    group by record_id

),

-- A part whose words were joined or separated for matching ("Mc Donald") comes from its own field, if that is all that
-- the field holds. Else it stays in the matching form, which in scripts without capitals is how people write it.
completed as (

    select
        records.record_id,
        {% for part in ['given_name', 'middle_name', 'family_name'] -%}
            coalesce(
                parts.{{ part }},
                if(
                    {{ without_spaces(plain_text('source_records.' ~ part)) }}
                    = {{ without_spaces('records.' ~ part) }},
                    {{ text_as_written('source_records.' ~ part) }},
                    null
                ),
                records.{{ part }}
            ) as {{ part }},
        {% endfor -%}
        coalesce(parts.name_suffix, records.name_suffix) as name_suffix,
        source_records.full_name as source_name,
        {{ without_spaces('records.full_name') }} as joined_name,
        {{ without_spaces("array_to_string([records.family_name, records.given_name, records.middle_name], '')") }}
            as family_first_name,
    from records
    inner join source_records on records.record_id = source_records.record_id
    left join parts on records.record_id = parts.record_id
    where records.full_name is not null

),

-- A full name that says nothing else keeps the order of its script: 王小明, Иванов Иван Иванович.
final as (

    select
        record_id,
        given_name,
        middle_name,
        family_name,
        name_suffix,
        if(
            strpos(source_name, ',') = 0
            and {{ without_spaces(plain_text('source_name')) }} in (joined_name, family_first_name),
            {{ text_as_written('source_name') }},
            array_to_string([given_name, middle_name, family_name], ' ')
        ) as full_name,
    from completed

)

select * from final
