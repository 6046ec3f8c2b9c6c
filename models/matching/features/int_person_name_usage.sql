-- How often each word serves as a given name and as a family name, in records that have both: what tells Thomas Smith
-- from Smith Thomas, and the parts of an e-mail address from one another.
with

records as (

    select * from {{ ref('int_person_distinct_records') }}

),

named_records as (

    select
        {{ latin_letters('given_name') }} as given_name,
        {{ latin_letters('family_name') }} as family_name,
    from records
    where given_name != family_name and length(given_name) > 1 and length(family_name) > 1

),

roles as (

    select
        given_name as name,
        family_name as partner,
        1 as is_given,
        0 as is_family,
    from named_records
    union all
    select
        family_name as name,
        given_name as partner,
        0 as is_given,
        1 as is_family,
    from named_records

),

-- A nickname or a slip that one person's records repeat has one partner; a name has several.
counted as (

    select
        name,
        cast(sum(is_given) as int64) as n_as_given,
        cast(sum(is_family) as int64) as n_as_family,
        count(distinct if(is_given = 1, partner, null)) as n_family_partners,
        count(distinct if(is_family = 1, partner, null)) as n_given_partners,
    from roles
    group by name

)

select * from counted
