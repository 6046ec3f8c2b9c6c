-- The legal form stands apart from the name by its words, as in int_company_names, but the words stay as they are.
with

company_names as (

    select * from {{ ref('int_company_names') }}

),

legal_forms as (

    select * from {{ ref('stg_word_lists__company_suffixes') }}

),

-- "Co.,Ltd." is two words.
worded as (

    select
        source_name,
        word,
        word_offset as word_position,
        {{ clean_company_name('word') }} as clean_word,
    from company_names, unnest(split(
        regexp_replace({{ text_as_written('source_name') }}, r',(\S)', r', \1'), ' '
    )) as word with offset as word_offset

),

classified as (

    select
        worded.*,
        legal_forms.legal_suffix,
        worded.clean_word is null or legal_forms.word is not null or worded.clean_word in ('and', 'de') as may_trail,
        coalesce(legal_forms.may_lead, false) as may_lead,
    from worded
    left join legal_forms on worded.clean_word = legal_forms.word

),

bounded as (

    select
        source_name,
        max(if(word_position = 0 and may_lead, 1, 0)) as first_position,
        max(if(not may_trail, word_position, null)) as last_position,
    from classified
    group by source_name

),

separated as (

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
        string_agg(
            if(
                classified.word_position between bounded.first_position and bounded.last_position
                or classified.legal_suffix is null,
                null,
                classified.word
            ), ' '
            order by classified.word_position
        ) as legal_suffix,
    from classified
    inner join bounded on classified.source_name = bounded.source_name
    group by classified.source_name

),

final as (

    select
        company_names.source_name,
        {{ text_as_written('company_names.source_name') }} as display_name,
        coalesce(
            nullif(regexp_replace(separated.core_name, r'[\s,;-]+$', ''), ''),
            {{ text_as_written('company_names.source_name') }}
        ) as company_name,
        if(
            company_names.legal_suffix is null,
            null,
            coalesce(rtrim(separated.legal_suffix, ',;'), company_names.legal_suffix)
        ) as legal_suffix,
    from company_names
    inner join separated on company_names.source_name = separated.source_name

)

select * from final
