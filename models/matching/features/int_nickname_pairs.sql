-- Pairs of given names that can mean the same person, in both directions: Bob and Robert, Bob and Rob. Two nicknames of
-- one name are further apart than each from the name: Fred and Al are Alfred, but mostly Frederick and Albert.
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

    select
        l.name as name_l,
        r.name as name_r,
        logical_or(l.name = l.root or r.name = r.root) as is_direct,
    from names_by_root as l
    inner join names_by_root as r on l.root = r.root
    where l.name != r.name
    group by l.name, r.name

)

select * from nickname_pairs
