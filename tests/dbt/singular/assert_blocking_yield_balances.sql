{{ config(tags=['development']) }}

-- Each pair that blocking found is new to exactly one rule; and a record of an oversized key is in a refined block, or
-- left out and reported, or alone with its refinement, never two of them.
with

yields as (

    select * from {{ ref('blocking_rule_yield') }}

),

{% for entity in ['person', 'company'] %}
    {{ entity }}_oversized as (

        select
            rule,
            sum(n_records) as n_records,
        from {{ ref('int_' ~ entity ~ '_blocking_key_sizes') }}
        where is_oversized
        group by rule

    ),

    {{ entity }}_refined as (

        select
            rule_bit,
            count(*) as n_records,
        from {{ ref('int_' ~ entity ~ '_blocks') }}
        where is_refined
        group by rule_bit

    ),

{% endfor %}
unbalanced_pairs as (

    {% for entity in ['person', 'company'] %}
        select
            '{{ entity }}' as entity,
            'all' as rule,
            cast(sum(n_new_pairs) as int64) as n_counted,
            (select count(*) from {{ ref('int_' ~ entity ~ '_scored_blocked_pairs') }}) as n_expected,
        from yields
        where entity = '{{ entity }}'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

unbalanced_records as (

    {% for entity in ['person', 'company'] %}
        select
            yields.entity,
            yields.rule,
            cast(yields.n_left_out_records + coalesce(refined.n_records, 0) as int64) as n_counted,
            cast(coalesce(oversized.n_records, 0) as int64) as n_expected,
        from yields
        left join {{ entity }}_oversized as oversized on yields.rule = oversized.rule
        left join {{ entity }}_refined as refined on yields.rule_bit = refined.rule_bit
        where yields.entity = '{{ entity }}'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from unbalanced_pairs
where n_counted != n_expected
union all
select * from unbalanced_records
where n_counted > n_expected
