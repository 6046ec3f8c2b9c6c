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

{% if is_incremental() %}
    known_models as (

        select distinct
            entity,
            model_version,
        from {{ this }}

    ),
{% endif %}

-- A model that is known already adds nothing.
new_models as (

    select models.*
    from models
    {% if is_incremental() %}
        left join known_models
            on models.entity = known_models.entity and models.model_version = known_models.model_version
        where known_models.model_version is null
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
