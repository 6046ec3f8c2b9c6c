{{ config(group='matching') }}

-- Why are two people one, or two? Fill in two record ids, or two ids of people: one row per comparison, and
-- the weights add up to the weight of the pair, whether the matching looked at it or not.
{{ pair_waterfall('person') }}
order by step
