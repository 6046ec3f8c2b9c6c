{#- A view: it is read once, by the history. -#}
{{ config(materialized='view') }}
{%- set fields = {
    'person': {
        'emails': 'array_length(emails) = 0',
        'phones': 'array_length(phones) = 0',
        'given_name': 'given_name is null',
        'family_name': 'family_name is null',
        'company_name': 'company_name is null',
        'city': 'city is null',
    },
    'company': {
        'company_name': 'company_name is null',
        'domains': 'array_length(domains) = 0',
        'phones': 'array_length(phones) = 0',
        'city': 'city is null',
    },
} %}
with

{% for entity, conditions in fields.items() %}
    {{ entity }}_records as (

        select
            {% for field, condition in conditions.items() %}
                safe_divide(countif({{ condition }}), count(*)) as {{ field }},
            {% endfor %}
        from {{ ref('int_' ~ entity ~ '_records') }}

    ),

    {{ entity }}_quality as (

        select
            1 - max(unmatched_share) as match_rate,
            cast(max(n_review_pairs) as float64) as n_review_pairs,
        from {{ ref('int_' ~ entity ~ '_expected_quality') }}

    ),

{% endfor %}
interactions as (

    select safe_divide(countif(person_matched_by = 'none'), count(*)) as unmatched_share
    from {{ ref('fct_interaction_participants') }}

),

-- Of an earlier attempt of this run, when this one did not build it.
checks as (

    select * from {{ ref('plausibility_checks') }}
    qualify rank() over (partition by entity order by run_started_at desc, invocation_id desc) = 1

),

metrics as (

    -- noqa: disable=LT02
    {#- The linter does not know the list of columns, and takes what an empty one leaves for an indent. -#}
    {% for entity, conditions in fields.items() %}
        select
            figure.metric,
            figure.scope,
            figure.value,
        from {{ entity }}_records as records
        cross join {{ entity }}_quality as quality
        cross join unnest([
            {%- for field in conditions %}
                struct('null_rate' as metric, '{{ entity }}.{{ field }}' as scope, records.{{ field }} as value),
            {%- endfor %}
            struct('match_rate' as metric, '{{ entity }}' as scope, quality.match_rate as value),
            struct('n_review_pairs' as metric, '{{ entity }}' as scope, quality.n_review_pairs as value)
        ]) as figure
        union all
    {% endfor %}
    -- noqa: enable=LT02
    select
        'unmatched_share' as metric,
        'interactions' as scope,
        unmatched_share as value,
    from interactions
    union all
    select
        'implausible_share' as metric,
        entity || '.' || check_name as scope,
        1 - plausible_share as value,
    from checks

),

final as (

    select * from metrics
    where value is not null

)

select * from final
