-- The legal form stands apart from the name by its words, as in int_company_names, but the words stay as they are.
with

company_names as (

    select * from {{ ref('int_company_names') }}

),

-- "Co.,Ltd." is two words.
written_words as (

    select
        source_name,
        written_word,
        written_offset as written_position,
        {{ clean_company_name('written_word') }} as clean_words,
    from company_names, unnest(split(
        regexp_replace({{ text_as_written('source_name') }}, r',(\S)', r', \1'), ' '
    )) as written_word with offset as written_offset

),

cleaned as (

    select
        source_name,
        string_agg(clean_words, ' ' order by written_position) as clean_name,
    from written_words
    group by source_name

),

-- What is written as one word may be several: "GmbH&Co.KG".
worded as (

    select
        written_words.source_name,
        written_words.written_position,
        cleaned.clean_name,
        word,
        row_number() over (
            partition by written_words.source_name
            order by written_words.written_position, word_offset
        ) - 1 as word_position,
    from written_words
    inner join cleaned on written_words.source_name = cleaned.source_name
    cross join unnest(split(written_words.clean_words, ' ')) as word with offset as word_offset
    where written_words.clean_words is not null

),

{{ legal_form_ctes() }},

judged as (

    select
        source_name,
        written_position,
        logical_or(is_form) as has_form,
        logical_and(may_lead) as may_lead,
        logical_and(is_form or word in ('and', 'de')) as may_trail,
    from formed_words
    group by source_name, written_position

),

classified as (

    select
        written_words.source_name,
        written_words.written_word as word,
        written_words.written_position as word_position,
        coalesce(judged.has_form, false) as has_form,
        coalesce(judged.may_lead, false) as may_lead,
        coalesce(judged.may_trail, true) as may_trail,
    from written_words
    left join judged
        on
            written_words.source_name = judged.source_name
            and written_words.written_position = judged.written_position

),

bounded as (

    select
        source_name,
        min(if(not may_lead, word_position, null)) as first_position,
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
                or not classified.has_form,
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
