with

placeholders as (

    select * from {{ ref('stg_word_lists__name_placeholders') }}

),

source_identifiers as (

    select
        source_records.record_id,
        {{ plain_text('identifier.type') }} as identifier_type,
        identifier.value as source_value,
    from {{ ref('int_person_source_records') }} as source_records, unnest(source_records.identifiers) as identifier
    union distinct
    select
        source_records.record_id,
        {{ plain_text('identifier.type') }} as identifier_type,
        identifier.value as source_value,
    from {{ ref('int_company_source_records') }} as source_records, unnest(source_records.identifiers) as identifier

),

standardized as (

    select distinct
        source_identifiers.record_id,
        coalesce(replace(source_identifiers.identifier_type, ' ', '_'), 'other') as identifier_type,
        if(
            placeholders.name is null, {{ identifier_value('source_identifiers.source_value') }}, null
        ) as identifier_value,
    from source_identifiers
    left join placeholders on {{ plain_text('source_identifiers.source_value') }} = placeholders.name

),

gathered as (

    select
        record_id,
        array_agg(
            struct(identifier_type as type, identifier_value as value)
            order by identifier_type, identifier_value
        ) as identifiers,
    from standardized
    where identifier_value is not null
    group by record_id

)

select * from gathered
