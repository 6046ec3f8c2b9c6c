{{ config(materialized='view') }}

with

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

name_values as (

    select * from {{ ref('int_name_values') }}

),

suffixes as (

    select * from {{ ref('name_suffixes') }}

),

looked_up as (

    select
        source_records.record_id,
        if(given.is_no_person, null, given.marked_name) as given_words,
        middle.marked_name as middle_words,
        family.marked_name as family_words,
        if(whole.is_no_person, null, whole.marked_name) as full_words,
        coalesce(
            suffixes.name_suffix, family.name_suffix, given.name_suffix, middle.name_suffix, whole.name_suffix
        ) as name_suffix,
    from source_records
    left join name_values as given
        on
            source_records.given_name = given.source_name
            and if(source_records.family_name is null, 'whole', 'given') = given.name_part
    left join name_values as middle
        on source_records.middle_name = middle.source_name and middle.name_part = 'middle'
    left join name_values as family
        on
            source_records.family_name = family.source_name
            and if(source_records.given_name is null, 'whole', 'family') = family.name_part
    left join name_values as whole
        on source_records.full_name = whole.source_name and whole.name_part = 'whole'
    left join suffixes on {{ plain_text('source_records.name_suffix') }} = suffixes.word

),

-- One field may hold the whole name while its neighbour is empty.
whole_name_found as (

    select
        *,
        case
            when full_words is not null then full_words
            when family_words is null and strpos(given_words, ' ') > 0 then given_words
            when given_words is null and strpos(family_words, ' ') > 0 then family_words
        end as whole_words,
    from looked_up

),

parsed as (

    select
        *,
        {{ family_name_part('whole_words') }} as parsed_family,
        {{ given_names_part('whole_words') }} as parsed_given,
    from whole_name_found

),

merged as (

    select
        record_id,
        name_suffix,
        case
            -- Particles that slipped to the end of the given name: "Vincent van" "Gogh".
            when given_words is not null and family_words is not null
                then regexp_replace(given_words, r'( ~[^ ]+)+$', '')
            when given_words is not null and full_words is not null then given_words
            when parsed_given = family_words then null
            else coalesce(parsed_given, given_words)
        end as given_names,
        middle_words as middle_names,
        case
            when given_words is not null and family_words is not null
                then concat(coalesce(regexp_extract(given_words, r'(?: ~[^ ]+)+$'), ''), ' ', family_words)
            when family_words is not null and full_words is not null then family_words
            else coalesce(parsed_family, family_words)
        end as family_names,
        parsed_given,
    from parsed

),

plain as (

    select
        record_id,
        name_suffix,
        {{ plain_name('given_names') }} as given_names,
        {{ plain_name('middle_names') }} as middle_names,
        regexp_replace({{ plain_name('family_names') }}, r'^o ([a-z]{3})', r'o\1') as family_name,
        {{ plain_name('parsed_given') }} as parsed_given,
    from merged

)

select * from plain
