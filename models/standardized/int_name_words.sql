{{ config(materialized='view') }}

-- Word by word only where a name has several words; that spares most given and family names the work.
with

clean_names as (

    select * from {{ ref('int_clean_names') }}

),

titles as (

    select * from {{ ref('name_titles') }}

),

suffixes as (

    select * from {{ ref('name_suffixes') }}

),

particles as (

    select * from {{ ref('name_particles') }}

),

counted as (

    select
        source_name,
        name_part,
        clean_name,
        -- Words before the first comma; behind it a given name with its title starts afresh.
        array_length(split(regexp_extract(clean_name, r'^([^,]+) ,'), ' ')) as comma_position,
        if(name_part in ('middle', 'family'), 1, 0) as words_elsewhere,
    from clean_names
    where clean_name is not null

),

worded as (

    select
        counted.*,
        word_offset as word_position,
        word,
    from counted, unnest(split(clean_name, ' ')) as word with offset as word_offset
    where strpos(clean_name, ' ') > 0
    union all
    select
        *,
        0 as word_position,
        clean_name as word,
    from counted
    where strpos(clean_name, ' ') = 0

),

-- One letter is an initial unless it comes last. Behind given names alone it may be either: "Morris I".
classified as (

    select
        worded.source_name,
        worded.name_part,
        worded.word_position,
        worded.word,
        particles.particle is not null as is_particle,
        titles.title is not null
        and (
            worded.word_position <= 1
            or coalesce(worded.word_position - worded.comma_position between 1 and 2, false)
        ) as is_title,
        suffixes.word is not null
        and if(
            worded.word_position > worded.comma_position,
            suffixes.words_before is not null or worded.word_position + worded.words_elsewhere > 2,
            coalesce(worded.word_position + worded.words_elsewhere >= suffixes.words_before, false)
        )
        and (
            length(worded.word) > 1
            or ends_with(worded.clean_name, concat(if(worded.comma_position is null, ' ', ' , '), worded.word))
        ) as is_suffix,
        suffixes.name_suffix,
    from worded
    left join titles on worded.word = titles.title
    left join suffixes on worded.word = suffixes.word
    left join particles on worded.word = particles.particle

),

marked as (

    select
        source_name,
        name_part,
        word_position,
        case
            when is_suffix and name_part = 'given' and length(word) = 1 then word
            when is_title or is_suffix or regexp_contains(word, r'^[0-9-]*(st|nd|rd|th)?$') then null
            when is_particle then concat('~', word)
            else nullif(regexp_replace(word, r'[0-9]+', ''), '')
        end as marked_word,
        if(is_suffix, nullif(name_suffix, ''), null) as name_suffix,
    from classified

)

select * from marked
