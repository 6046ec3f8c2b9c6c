with

source_streets as (

    select street as source_street from {{ ref('int_person_source_records') }}
    where {{ is_plausible_length('street') }}
    union distinct
    select street as source_street from {{ ref('int_company_source_records') }}
    where {{ is_plausible_length('street') }}

),

abbreviations as (

    select * from {{ ref('street_abbreviations') }}

),

cleaned as (

    select
        source_street,
        {{ clean_street('source_street') }} as clean_street,
    from source_streets

),

worded as (

    select
        cleaned.source_street,
        word_offset as word_position,
        word,
    from cleaned, unnest(split(cleaned.clean_street, ' ')) as word with offset as word_offset
    where cleaned.clean_street is not null

),

expanded as (

    select
        worded.source_street,
        string_agg(
            coalesce(abbreviations.expansion, worded.word), ' '
            order by worded.word_position
        ) as street,
    from worded
    left join abbreviations on worded.word = abbreviations.abbreviation
    group by worded.source_street

)

select * from expanded
