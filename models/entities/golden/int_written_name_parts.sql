-- The parts of a name were found in the matching form; the words that they came from are what people wrote.
with

records as (

    select * from {{ ref('int_person_records') }}

),

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

words as (

    select * from {{ ref('int_written_name_words') }}

),

parts as (

    select
        records.record_id,
        part.part,
        part.matching_value,
    from records
    cross join
        unnest([
            struct('given_name' as part, records.given_name as matching_value),
            struct('middle_name' as part, records.middle_name as matching_value),
            struct('family_name' as part, records.family_name as matching_value),
            struct('name_suffix' as part, records.name_suffix as matching_value)
        ]) as part
    where part.matching_value is not null

),

source_names as (

    select
        source_records.record_id,
        name.part,
        name.source_name,
    from source_records
    cross join
        unnest([
            struct('given_name' as part, source_records.given_name as source_name),
            struct('middle_name' as part, source_records.middle_name as source_name),
            struct('family_name' as part, source_records.family_name as source_name),
            struct('name_suffix' as part, source_records.name_suffix as source_name),
            struct('full_name' as part, source_records.full_name as source_name)
        ]) as name
    where name.source_name is not null

),

assembled as (

    select
        parts.record_id,
        parts.part,
        parts.matching_value,
        source_names.part as source_part,
        string_agg(words.written_word, ' ' order by {{ place_in_name() }}, words.word_position) as written_value,
        string_agg(words.plain_word, ' ' order by {{ place_in_name() }}, words.word_position) as plain_value,
    from parts
    inner join source_names on parts.record_id = source_names.record_id
    inner join words
        on
            source_names.source_name = words.source_name
            and if(
                parts.part = 'name_suffix',
                parts.matching_value = words.name_suffix,
                {{ place_in_name() }} > 0
            )
    group by parts.record_id, parts.part, parts.matching_value, source_part

),

-- Where all words are found, the field of that part is the first choice, and the full name the second.
final as (

    select
        record_id,
        part,
        written_value,
    from assembled
    where plain_value = matching_value or part = 'name_suffix'
    qualify row_number() over (
        partition by record_id, part
        order by if(source_part = part, 1, if(source_part = 'full_name', 2, 3)), source_part
    ) = 1

)

select * from final
