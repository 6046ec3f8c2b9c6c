-- Done once a distinct name field, because the word lists are looked up word by word.
with

source_records as (

    select * from {{ ref('int_person_source_records') }}

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

placeholders as (

    select * from {{ ref('name_placeholders') }}

),

source_names as (

    select given_name as source_name from source_records
    union distinct
    select middle_name as source_name from source_records
    union distinct
    select family_name as source_name from source_records
    union distinct
    select full_name as source_name from source_records

),

cleaned as (

    select
        source_name,
        {{ clean_person_name('source_name') }} as clean_name,
    from source_names

),

counted as (

    select
        source_name,
        clean_name,
        -- Words before the first comma; behind it a given name with its title starts afresh.
        if(
            strpos(clean_name, ' , ') > 0,
            array_length(split(regexp_extract(clean_name, r'^([^,]*) ,'), ' ')),
            null
        ) as comma_position,
    from cleaned
    where clean_name is not null

),

worded as (

    select
        counted.source_name,
        counted.comma_position,
        word_offset as word_position,
        word,
    from counted, unnest(split(counted.clean_name, ' ')) as word with offset as word_offset

),

classified as (

    select
        worded.source_name,
        worded.word_position,
        worded.word,
        particles.particle is not null as is_particle,
        titles.title is not null
        and (
            worded.word_position <= 1
            or coalesce(worded.word_position - worded.comma_position between 1 and 2, false)
        ) as is_title,
        suffixes.word is not null
        and (
            coalesce(worded.word_position >= suffixes.words_before, false)
            or coalesce(worded.word_position > worded.comma_position, false)
        ) as is_suffix,
        suffixes.name_suffix,
    from worded
    left join titles on worded.word = titles.title
    left join suffixes on worded.word = suffixes.word
    left join particles on worded.word = particles.particle

),

composed as (

    select
        source_name,
        string_agg(
            case
                when is_title or is_suffix or regexp_contains(word, r'^[0-9-]*(st|nd|rd|th)?$') then null
                when is_particle then concat('~', word)
                else nullif(regexp_replace(word, r'[0-9]+', ''), '')
            end, ' '
            order by word_position
        ) as marked_name,
        nullif(max(if(is_suffix, name_suffix, null)), '') as name_suffix,
    from classified
    group by source_name

),

tidied as (

    select
        source_name,
        nullif(regexp_replace(regexp_replace(marked_name, r'( ,)+', ' ,'), r'^[ ,]+|[ ,]+$', ''), '') as marked_name,
        name_suffix,
    from composed

),

without_placeholders as (

    select
        tidied.source_name,
        tidied.marked_name,
        tidied.name_suffix,
        placeholders.name is not null as is_no_person,
    from tidied
    left join placeholders on {{ plain_name('tidied.marked_name') }} = placeholders.name
    where placeholders.name is null or placeholders.is_for_whole_name_only

)

select * from without_placeholders
