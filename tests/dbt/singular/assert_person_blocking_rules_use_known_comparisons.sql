-- A training session leaves out the comparisons that its rule blocks on; a misspelt one would be learned from itself.
with

rules as (

    select * from {{ ref('person_blocking_rules') }}

),

defaults as (

    select * from {{ ref('default_match_parameters') }}
    where entity = 'person'

),

used_comparisons as (

    select
        rules.rule,
        comparison,
    from rules, unnest(split(rules.uses_comparisons, '|')) as comparison

)

select used_comparisons.*
from used_comparisons
left join defaults on used_comparisons.comparison = defaults.comparison
where defaults.comparison is null
