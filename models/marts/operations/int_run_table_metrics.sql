{#- A view: it is read once, by the history. -#}
{{ config(materialized='view') }}
{%- set marts = [
    'dim_persons', 'dim_companies', 'bridge_person_records', 'bridge_company_records',
    'person_contact_points', 'person_addresses', 'person_employments',
    'company_hierarchy', 'households', 'bridge_household_persons',
    'fct_interactions', 'fct_interaction_participants', 'bridge_interaction_copies', 'unmatched_participants',
] %}
with

staged as (

    {% for raw in raw_tables() %}
        select
            '{{ raw.source }}' as source,
            '{{ raw.table }}' as source_table,
            '{{ raw.staged }}' as table_name,
            count(*) as n_rows,
            max(synced_at) as last_synced_at,
        from {{ ref(raw.staged) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

quarantined as (

    select
        source,
        source_table,
        count(*) as n_rows,
    from {{ ref('stg_quarantine') }}
    group by source, source_table

),

sources as (

    select
        staged.table_name,
        concat(staged.source, '.', staged.source_table) as source_name,
        cast(staged.n_rows as float64) as n_rows,
        safe_divide(coalesce(quarantined.n_rows, 0), staged.n_rows + coalesce(quarantined.n_rows, 0))
            as quarantine_share,
        timestamp_diff({{ run_started() }}, staged.last_synced_at, minute) / 60 as freshness_hours,
    from staged
    left join quarantined
        on staged.source = quarantined.source and staged.source_table = quarantined.source_table

),

metrics as (

    {% for metric, scope in [
        ('n_rows', 'table_name'), ('quarantine_share', 'source_name'), ('freshness_hours', 'source_name')
    ] %}
        select
            '{{ metric }}' as metric,
            {{ scope }} as scope,
            {{ metric }} as value,
        from sources
        union all
    {% endfor %}
    {% for mart in marts %}
        select
            'n_rows' as metric,
            '{{ mart }}' as scope,
            cast(count(*) as float64) as value,
        from {{ ref(mart) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select * from metrics
    where value is not null

)

select * from final
