{{ config(materialized='incremental', full_refresh=false, on_schema_change='append_new_columns') }}
with

models as (

    select
        'person' as entity,
        *,
    from {{ ref('int_person_model_version') }}
    union all
    select
        'company' as entity,
        *,
    from {{ ref('int_company_model_version') }}

),

new_models as (

    select * from models
    {% if is_incremental() %}
        -- A model that is known already adds nothing.
        where concat(entity, model_version) not in (select concat(entity, model_version) from {{ this }})
    {% endif %}

),

final as (

    select
        entity,
        model_version,
        comparison,
        level,
        m_probability,
        u_probability,
        match_weight,
        n_rounds,
        {{ run_started() }} as trained_at,
    from new_models

)

select * from final
