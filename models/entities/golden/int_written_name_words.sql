-- Names come word by word here: a word as it is written beside the form in which it is matched.
with

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

suffixes as (

    select * from {{ ref('name_suffixes') }}

),

source_names as (

    select distinct source_name
    from
        source_records,
        unnest([given_name, middle_name, family_name, name_suffix, full_name]) as source_name
    where {{ is_plausible_length('source_name') }}

),

-- What surrounds a word is no part of it: a nickname's quotes, the brackets of a note.
worded as (

    select
        source_name,
        regexp_replace(word, r'''^["'“”‘’„(\[<]+|["'“”‘’)\]>;]+$''', '') as written_word,
        word_offset as word_position,
    from source_names, unnest(split(
        regexp_replace(source_name, r'[\s\p{Z},]+', ' '), ' '
    )) as word with offset as word_offset

),

plain as (

    select
        *,
        {{ plain_text('written_word') }} as plain_word,
    from worded

),

final as (

    select
        plain.source_name,
        plain.word_position,
        plain.written_word,
        plain.plain_word,
        suffixes.name_suffix,
    from plain
    left join suffixes on plain.plain_word = suffixes.word
    where plain.plain_word is not null
    -- A word that comes twice is one.
    qualify row_number() over (
        partition by plain.source_name, plain.plain_word
        order by plain.word_position
    ) = 1

)

select * from final
