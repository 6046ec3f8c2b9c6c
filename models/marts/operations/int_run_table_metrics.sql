{#- A view: it is read once, by the history. When the run began it reads from a table, so its SQL is that of the last
    night and it is not made anew. -#}
{{ config(materialized='view') }}
{%- set marts = [
    'dim_persons', 'dim_companies', 'bridge_person_records', 'bridge_company_records',
    'person_contact_points', 'person_addresses', 'person_employments',
    'company_hierarchy', 'households', 'bridge_household_persons',
    'fct_interactions', 'fct_interaction_participants', 'bridge_interaction_copies', 'unmatched_participants',
] %}
with

source_metrics as (

    select
        figure.metric,
        figure.scope,
        figure.value,
    from {{ ref('int_source_row_counts') }} as counts
    cross join {{ ref('int_current_run') }} as current_run
    cross join unnest([
        struct('n_rows' as metric, counts.table_name as scope, cast(counts.n_rows as float64) as value),
        struct(
            'quarantine_share' as metric,
            concat(counts.source, '.', counts.source_table) as scope,
            safe_divide(counts.n_quarantined_rows, counts.n_rows + counts.n_quarantined_rows) as value
        ),
        struct(
            'freshness_hours' as metric,
            concat(counts.source, '.', counts.source_table) as scope,
            timestamp_diff(current_run.started_at, counts.last_synced_at, minute) / 60 as value
        )
    ]) as figure

),

metrics as (

    select * from source_metrics
    {% for mart in marts %}
        union all
        select
            'n_rows' as metric,
            '{{ mart }}' as scope,
            cast(count(*) as float64) as value,
        from {{ ref(mart) }}
    {% endfor %}

),

final as (

    select * from metrics
    where value is not null

)

select * from final
