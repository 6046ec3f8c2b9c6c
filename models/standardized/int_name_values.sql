with

name_words as (

    select * from {{ ref('int_name_words') }}

),

placeholders as (

    select * from {{ ref('stg_word_lists__name_placeholders') }}

),

place_names as (

    select * from {{ ref('int_place_names') }}

),

composed as (

    select
        source_name,
        name_part,
        string_agg(marked_word, ' ' order by word_position) as marked_name,
        max(name_suffix) as name_suffix,
    from name_words
    group by source_name, name_part

),

tidied as (

    select
        source_name,
        name_part,
        nullif(regexp_replace(regexp_replace(marked_name, r'( ,)+', ' ,'), r'^[ ,]+|[ ,]+$', ''), '') as marked_name,
        name_suffix,
    from composed

),

without_placeholders as (

    select
        tidied.source_name,
        tidied.name_part,
        tidied.marked_name,
        tidied.name_suffix,
        placeholders.name is not null or place_names.source_name is not null as is_no_person,
    from tidied
    left join place_names on tidied.source_name = place_names.source_name and tidied.name_part = 'whole'
    left join placeholders on {{ plain_name('tidied.marked_name') }} = placeholders.name
    where placeholders.name is null or placeholders.is_for_whole_name_only

)

select * from without_placeholders
