with

source_names as (

    select company_name as source_name from {{ ref('int_person_source_records') }}
    where {{ is_plausible_length('company_name') }}
    union distinct
    select company_name as source_name from {{ ref('int_company_source_records') }}
    where {{ is_plausible_length('company_name') }}

),

legal_forms as (

    select * from {{ ref('stg_word_lists__company_suffixes') }}

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
        word_offset as word_position,
        word,
        array_length(split(cleaned.clean_name, ' ')) as word_count,
    from cleaned, unnest(split(cleaned.clean_name, ' ')) as word with offset as word_offset
    left join placeholders on cleaned.clean_name = placeholders.name
    where cleaned.clean_name is not null and placeholders.name is null

),

classified as (

    select
        worded.source_name,
        worded.word_position,
        worded.word_count,
        coalesce(abbreviations.expansion, worded.word) as word,
        legal_forms.legal_suffix,
        coalesce(legal_forms.may_lead, false) as may_lead,
        legal_forms.word is not null or worded.word in ('and', 'de') as may_trail,
    from worded
    left join legal_forms on worded.word = legal_forms.word
    left join abbreviations on worded.word = abbreviations.abbreviation

),

-- The name proper lies between the legal forms at its two ends; a name of legal forms only is kept whole.
bounded as (

    select
        source_name,
        max(if(word_position = 0 and word_count > 1 and (may_lead or word = 'the'), 1, 0)) as first_position,
        coalesce(max(if(not may_trail, word_position, null)), 0) as last_position,
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
        coalesce(core_name, whole_name) as company_name,
        legal_suffix,
    from composed

)

select * from final
