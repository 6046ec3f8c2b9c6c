{#- Where the legal forms stand in names, as CTEs ending in `formed_words`: each word with the longest form that covers
    it, if any, and that form's first word with `legal_suffix`. A form may have several words (sp z oo). Reads the CTE
    `worded`: source_name, word_position, word, and names the CTE with the names: source_name, clean_name. -#}
{% macro legal_form_ctes() %}
legal_forms as (

    select
        word as form,
        regexp_extract(word, r'^[^ ]+') as first_word,
        array_length(split(word, ' ')) as n_words,
        legal_suffix,
        may_lead,
    from {{ ref('stg_word_lists__company_suffixes') }}

),

-- What follows a word in its name is known by where the word starts. Of the name P R T no R T is a form.
started as (

    select
        *,
        cast(
            sum(length(word) + 1) over (partition by source_name order by word_position) - length(word) as int64
        ) as word_start,
        coalesce(
            length(lag(word) over (partition by source_name order by word_position)) = 1, false
        ) as follows_a_letter,
    from worded

),

found_forms as (

    select
        started.source_name,
        started.word_position as first_position,
        started.word_position + legal_forms.n_words - 1 as last_position,
        legal_forms.n_words,
        legal_forms.legal_suffix,
        legal_forms.may_lead,
    from started
    inner join legal_forms
        on
            started.word = legal_forms.first_word
            and starts_with(substr(started.clean_name || ' ', started.word_start), legal_forms.form || ' ')
    where not (started.follows_a_letter and regexp_contains(legal_forms.form, r'^[^ ]( [^ ])+$'))

),

formed_words as (

    select
        worded.*,
        if(found_forms.first_position = worded.word_position, found_forms.legal_suffix, null) as legal_suffix,
        found_forms.legal_suffix is not null as is_form,
        coalesce(found_forms.may_lead, false) as may_lead,
    from worded
    left join found_forms
        on
            worded.source_name = found_forms.source_name
            and worded.word_position between found_forms.first_position and found_forms.last_position
    qualify row_number() over (
        partition by worded.source_name, worded.word_position
        order by found_forms.n_words desc, found_forms.first_position
    ) = 1

)
{% endmacro %}
