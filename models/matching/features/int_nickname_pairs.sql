-- Pairs of given names that can mean the same person, in both directions: Bob and Robert, Bob and Rob.
with

nicknames as (

    select * from {{ ref('stg_word_lists__nicknames') }}

),

names_by_root as (

    select
        name,
        root,
    from nicknames
    union distinct
    select
        root as name,
        root,
    from nicknames

),

nickname_pairs as (

    select distinct
        l.name as name_l,
        r.name as name_r,
    from names_by_root as l
    inner join names_by_root as r on l.root = r.root
    where l.name != r.name

)

select * from nickname_pairs
