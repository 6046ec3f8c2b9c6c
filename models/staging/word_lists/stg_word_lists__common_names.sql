{{ config(materialized='table') }}

-- Common names as they stand in records: folded, and in Latin letters where their script has a spelling in them. Five
-- models read them, and folding 30,000 names takes longer than all the rest of a small file.
with

common_names as (

    select
        {{ latin_letters(plain_text('name')) }} as name,
        name_part,
        coalesce(sex, 'any') as sex,
        share,
    from {{ ref('common_names') }}

),

gathered as (

    select
        name,
        logical_or(name_part = 'given') as is_given_name,
        array_agg(distinct if(name_part = 'given', sex, null) ignore nulls) as sexes,
        coalesce(max(if(name_part = 'given', share, null)), 0.0) as given_name_share,
        coalesce(max(if(name_part = 'family', share, null)), 0.0) as family_name_share,
    from common_names
    where name is not null
    group by name

),

final as (

    select
        name,
        is_given_name,
        if(array_length(sexes) = 1, nullif(sexes[safe_offset(0)], 'any'), null) as sex,
        given_name_share,
        family_name_share,
    from gathered

)

select * from final
