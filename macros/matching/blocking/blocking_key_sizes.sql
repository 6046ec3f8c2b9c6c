{#- How many pairs each key would make, counted before any join. Keys that are too large are refined; keys that stay
    too large even so are left out and show up here and in the yield report, never silently. -#}
{% macro blocking_key_sizes(blocking_keys, blocking_rules) %}
with

keys as (

    select * from {{ blocking_keys }}

),

rules as (

    select * from {{ blocking_rules }}

),

key_sizes as (

    select
        rule,
        key,
        count(*) as n_records,
    from keys
    group by rule, key
    having count(*) > 1

),

judged as (

    select
        key_sizes.rule,
        key_sizes.key,
        key_sizes.n_records,
        div(key_sizes.n_records * (key_sizes.n_records - 1), 2) as n_pairs,
        key_sizes.n_records > rules.max_records as is_oversized,
    from key_sizes
    inner join rules on key_sizes.rule = rules.rule

)

select * from judged
{% endmacro %}
