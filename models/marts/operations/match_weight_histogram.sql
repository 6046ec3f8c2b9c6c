{{ config(materialized='incremental', full_refresh=false, on_schema_change='append_new_columns') }}
with

bins as (

    {{ weight_histogram('person', ref('person_pairs')) }}
    union all
    {{ weight_histogram('company', ref('company_pairs')) }}

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

final as (

    select
        bins.entity,
        {{ current_run() }},
        versions.model_version,
        bins.bin_from,
        bins.n_pairs,
    from bins
    inner join versions on bins.entity = versions.entity

)

select * from final
