with

source_names as (

    select company_name as source_name from {{ ref('int_person_source_records') }}
    where {{ is_plausible_length('company_name') }}
    union distinct
    select company_name as source_name from {{ ref('int_company_source_records') }}
    where {{ is_plausible_length('company_name') }}

),

abbreviations as (

    select * from {{ ref('company_abbreviations') }}

),

placeholders as (

    select * from {{ ref('stg_word_lists__name_placeholders') }}
    where not is_for_people_only

),

cleaned as (

    select
        source_name,
        {{ clean_company_name('source_name') }} as clean_name,
    from source_names

),

worded as (

    select
        cleaned.source_name,
        cleaned.clean_name,
        word_offset as word_position,
        word,
    from cleaned, unnest(split(cleaned.clean_name, ' ')) as word with offset as word_offset
    left join placeholders on cleaned.clean_name = placeholders.name
    where cleaned.clean_name is not null and placeholders.name is null

),

{{ legal_form_ctes() }},

classified as (

    select
        formed_words.source_name,
        formed_words.word_position,
        coalesce(abbreviations.expansion, formed_words.word) as word,
        formed_words.legal_suffix,
        formed_words.may_lead or formed_words.word_position = 0 and formed_words.word = 'the' as may_lead,
        formed_words.is_form or formed_words.word in ('and', 'de') as may_trail,
    from formed_words
    left join abbreviations on formed_words.word = abbreviations.abbreviation

),

-- The name proper lies between the legal forms at its two ends; a name of legal forms only is kept whole.
bounded as (

    select
        source_name,
        min(if(not may_lead, word_position, null)) as first_position,
        max(if(not may_trail, word_position, null)) as last_position,
    from classified
    group by source_name

),

composed as (

    select
        classified.source_name,
        string_agg(
            if(
                classified.word_position between bounded.first_position and bounded.last_position,
                classified.word,
                null
            ), ' '
            order by classified.word_position
        ) as core_name,
        string_agg(classified.word, ' ' order by classified.word_position) as whole_name,
        string_agg(
            if(
                classified.word_position between bounded.first_position and bounded.last_position,
                null,
                classified.legal_suffix
            ), ' '
            order by classified.word_position
        ) as legal_suffix,
    from classified
    inner join bounded on classified.source_name = bounded.source_name
    group by classified.source_name

),

final as (

    select
        source_name,
        {{ latin_letters('coalesce(core_name, whole_name)') }} as company_name,
        legal_suffix,
    from composed

)

select * from final
