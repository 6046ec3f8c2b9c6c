{{ config(materialized='view') }}

-- Names that are the place of a caller, as networks give it in capitals: SAN JOSE CA, MT SAVAGE MD. Behind a person's
-- name the same two letters may be a degree, so a place that no list knows begins with a word of places, or its letters
-- are no degree and none of its words is a given name.
with

source_names as (

    select distinct source_name from {{ ref('int_clean_names') }}
    where
        name_part = 'whole'
        and regexp_contains(source_name, r'^[A-Z][A-Z .]+[ .]+[A-Z]{2}$')

),

caller_cities as (

    select * from {{ ref('caller_cities') }}

),

given_names as (

    select * from {{ ref('stg_word_lists__common_names') }}
    where is_given_name

),

places as (

    select
        source_name,
        {{ caller_city('source_name') }} as city,
        regexp_contains(source_name, r' (MD|MA|PA|DC|DE|LA|NP|ND|SC|MS|AB)$') as is_degree_too,
        regexp_contains(
            source_name,
            r'^(CELL|EAST|EL|FORT|FT|GRAND|LAKE|LAS|LOS|MOUNT|MT|NEW|NORTH|PORT|SAINT|SAN|SANTA|SOUTH|ST|WEST)[ .]'
        ) as begins_like_place,
    from source_names
    where {{ caller_city('source_name') }} is not null

),

worded as (

    select
        places.source_name,
        logical_or(given_names.name is not null) as has_given_name,
    from places
    cross join unnest(split(places.city, ' ')) as word
    left join given_names on word = given_names.name
    group by places.source_name

),

final as (

    select places.source_name
    from places
    inner join worded on places.source_name = worded.source_name
    left join caller_cities on places.city = caller_cities.city
    where
        caller_cities.city is not null
        or (not worded.has_given_name and (places.begins_like_place or not places.is_degree_too))

)

select * from final
