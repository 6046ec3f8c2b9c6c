{{ config(materialized='incremental', full_refresh=false, on_schema_change='append_new_columns') }}
with

expected as (

    select * from {{ ref('int_person_expected_quality') }}
    union all
    select * from {{ ref('int_company_expected_quality') }}

),

labelled as (

    select * from {{ ref('int_person_labelled_quality') }}
    union all
    select * from {{ ref('int_company_labelled_quality') }}

),

convergence as (

    select * from {{ ref('int_person_convergence') }}
    union all
    select * from {{ ref('int_company_convergence') }}

),

versions as (

    select distinct
        'person' as entity,
        model_version,
    from {{ ref('int_person_model_version') }}
    union all
    select distinct
        'company' as entity,
        model_version,
    from {{ ref('int_company_model_version') }}

),

drift as (

    select * from {{ ref('int_match_drift') }}

),

final as (

    select
        expected.entity,
        {{ current_run() }},
        versions.model_version,

        expected.* except (entity),
        labelled.* except (entity),

        drift.previous_model_version,
        drift.largest_weight_change,
        drift.mean_weight_change,
        drift.population_stability_index,

        convergence.* except (entity),
    from expected
    left join labelled on expected.entity = labelled.entity
    left join versions on expected.entity = versions.entity
    left join drift on expected.entity = drift.entity
    left join convergence on expected.entity = convergence.entity

)

select * from final
