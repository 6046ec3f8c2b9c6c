with

name_parts as (

    select * from {{ ref('int_person_name_parts') }}

),

placeholders as (

    select * from {{ ref('stg_word_lists__name_placeholders') }}
    where not is_for_whole_name_only

),

-- A placeholder of several words would lose its sense when it is separated: "Baby Boy" Smith.
given_checked as (

    select
        name_parts.record_id,
        name_parts.name_suffix,
        if(placeholders.name is null, name_parts.given_names, null) as given_names,
        name_parts.middle_names,
        name_parts.family_name,
        name_parts.parsed_given,
    from name_parts
    left join placeholders on name_parts.given_names = placeholders.name

),

-- Everything behind the first word of a given name is a middle name, wherever a source keeps it.
given_split as (

    select
        record_id,
        name_suffix,
        regexp_extract(given_names, r'^[^ ]+') as given_name,
        nullif(array_to_string([
            coalesce(
                regexp_extract(given_names, r'^[^ ]+ (.+)$'),
                if(
                    starts_with(parsed_given, concat(given_names, ' ')),
                    substr(parsed_given, length(given_names) + 2),
                    null
                )
            ),
            middle_names
        ], ' '), '') as middle_name,
        family_name,
    from given_checked

),

-- "John Smith" as the given name beside "Smith" as the family name.
family_taken_out as (

    select
        record_id,
        name_suffix,
        given_name,
        if(
            ends_with(concat(' ', middle_name), concat(' ', family_name)),
            nullif(trim(substr(middle_name, 1, length(middle_name) - length(family_name)), ' '), ''),
            middle_name
        ) as middle_name,
        family_name,
    from given_split

),

without_placeholders as (

    select
        family_taken_out.record_id,
        if(given_placeholders.name is null, family_taken_out.given_name, null) as given_name,
        family_taken_out.middle_name,
        if(family_placeholders.name is null, family_taken_out.family_name, null) as family_name,
        family_taken_out.name_suffix,
    from family_taken_out
    left join placeholders as given_placeholders on family_taken_out.given_name = given_placeholders.name
    left join placeholders as family_placeholders on family_taken_out.family_name = family_placeholders.name

),

final as (

    select
        record_id,
        given_name,
        middle_name,
        family_name,
        name_suffix,
        nullif(array_to_string([given_name, middle_name, family_name], ' '), '') as full_name,
    from without_placeholders

)

select * from final
